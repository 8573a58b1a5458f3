#include "module.h"

#include "shadow/engine.h"
#include "shadow/sys.h"

#include <link.h>

/* ---- segments ---- */

static bool add_range(struct rt_range *ranges, unsigned *count, struct rt_range range)
{
	if (range.low >= range.high)
		return true;
	if (*count == RT_MODULE_RANGES)
		return false;
	ranges[(*count)++] = range;
	return true;
}

/* What the loader protects when it has relocated the module: whole pages only. */
static struct rt_range relro_of(const struct dl_phdr_info *info)
{
	const uintptr_t page = ~(uintptr_t)(RT_PAGE_BYTES - 1);
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		uintptr_t low = info->dlpi_addr + header->p_vaddr;
		if (header->p_type == PT_GNU_RELRO)
			return (struct rt_range){low & page, (low + header->p_memsz) & page};
	}
	return (struct rt_range){0, 0};
}

static bool add_writable(struct rt_module *module, struct rt_range range, struct rt_range relro)
{
	struct rt_range below = {range.low, range.high < relro.low ? range.high : relro.low};
	struct rt_range above = {range.low > relro.high ? range.low : relro.high, range.high};
	if (relro.low >= relro.high)
		return add_range(module->writable, &module->writable_count, range);
	return add_range(module->writable, &module->writable_count, below) &&
	       add_range(module->writable, &module->writable_count, above);
}

/* False: more segments than there is room for. A writable one that was left out would be taken for constant. */
static bool add_segment(struct rt_module *module, const ElfW(Phdr) * header, struct rt_range relro)
{
	uintptr_t low = module->base + header->p_vaddr;
	struct rt_range range = {low, low + header->p_memsz}, filled = {low, low + header->p_filesz};
	bool is_writable = header->p_flags & PF_W, is_executable = header->p_flags & PF_X;
	if (range.low >= range.high || filled.high > range.high)
		return !header->p_memsz;
	if (!module->whole.high || low < module->whole.low)
		module->whole.low = low;
	if (range.high > module->whole.high)
		module->whole.high = range.high;
	if (is_writable && !add_writable(module, range, relro))
		return false;
	if (!(header->p_flags & PF_R))
		return true;
	if (is_executable && !is_writable && header->p_filesz > module->text.bytes &&
		header->p_filesz <= INT32_MAX)
		module->text = (struct rt_code){low, (uint32_t)header->p_filesz, (const uint8_t *)low};
	if ((is_writable || !module->base) && !add_range(module->pointers, &module->pointer_count, filled))
		return false;
	module->constant |= (unsigned)!is_writable << module->readable_count;
	return add_range(module->readable, &module->readable_count, range);
}

/* ---- the build id ---- */

static uint64_t align_up(uint64_t value, uint64_t alignment)
{
	return (value + alignment - 1) & ~(alignment - 1);
}

static void read_notes(struct rt_module *module, const ElfW(Phdr) * header)
{
	uintptr_t at = module->base + header->p_vaddr;
	struct rt_range memory = rt_module_memory(module, at);
	uint64_t left = memory.high - memory.low, alignment = header->p_align == 8 ? 8 : 4;
	if (left > header->p_memsz)
		left = header->p_memsz;
	while (left >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
		const char *name = (const char *)(note + 1);
		uint64_t data = align_up(sizeof(*note) + note->n_namesz, alignment);
		uint64_t bytes = align_up(data + note->n_descsz, alignment);
		if (data + note->n_descsz > left)
			return;
		if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
			rt_bytes_equal(name, "GNU", 4)) {
			module->build_id_bytes =
				note->n_descsz < RT_BUILD_ID_BYTES ? note->n_descsz : RT_BUILD_ID_BYTES;
			rt_bytes_copy(module->build_id, (const void *)(at + data), module->build_id_bytes);
			return;
		}
		if (bytes > left)
			return;
		at += bytes;
		left -= bytes;
	}
}

/* ---- the modules ---- */

static bool describe(struct rt_module *module, const struct dl_phdr_info *info)
{
	struct rt_range relro = relro_of(info);
	rt_bytes_zero(module, sizeof(*module));
	module->path = info->dlpi_name;
	module->base = info->dlpi_addr;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		if (header->p_type == PT_LOAD && !add_segment(module, header, relro))
			return false;
		if (header->p_type == PT_DYNAMIC)
			module->dynamic = module->base + header->p_vaddr;
		if (header->p_type == PT_GNU_EH_FRAME)
			module->eh_frame_hdr = module->base + header->p_vaddr;
	}
	for (unsigned i = 0; i < info->dlpi_phnum && !module->build_id_bytes; i++)
		if (info->dlpi_phdr[i].p_type == PT_NOTE)
			read_notes(module, &info->dlpi_phdr[i]);
	return module->text.bytes;
}

struct visitor {
	void (*visit)(struct rt_module *module, void *data);
	void *data;
	unsigned seen;
};

/* All that was loaded from a file has a '/' in its name, but for the program, which comes first. */
static bool is_file(const char *path)
{
	while (*path && *path != '/')
		path++;
	return *path;
}

static int visit_one(struct dl_phdr_info *info, size_t bytes, void *data)
{
	struct visitor *visitor = data;
	struct rt_module module;
	bool is_program = !visitor->seen++;
	(void)bytes;
	if ((is_program || is_file(info->dlpi_name)) && describe(&module, info))
		visitor->visit(&module, visitor->data);
	return 0;
}

void rt_modules_visit(void (*visit)(struct rt_module *module, void *data), void *data)
{
	struct visitor visitor = {visit, data, 0};
	dl_iterate_phdr(visit_one, &visitor);
}

struct rt_range rt_module_segment(const struct rt_module *module, uintptr_t address)
{
	for (unsigned i = 0; i < module->readable_count; i++)
		if (address >= module->readable[i].low && address < module->readable[i].high)
			return module->readable[i];
	return (struct rt_range){0, 0};
}

struct rt_range rt_module_memory(const struct rt_module *module, uintptr_t address)
{
	struct rt_range segment = rt_module_segment(module, address);
	return (struct rt_range){segment.high ? address : 0, segment.high};
}

bool rt_module_is_variable(
	const struct rt_module *module, uintptr_t address, uint64_t bytes, uint64_t stride, uint64_t count)
{
	if (!bytes || bytes > sizeof(uint64_t) || bytes & (bytes - 1) || address % bytes || stride % bytes ||
		!stride || !count)
		return false;
	for (unsigned i = 0; i < module->writable_count; i++) {
		const struct rt_range *range = &module->writable[i];
		if (address >= range->low && address < range->high && bytes <= range->high - address &&
			count - 1 <= (range->high - address - bytes) / stride)
			return true;
	}
	return false;
}

bool rt_module_is_constant(const struct rt_module *module, int64_t offset, unsigned bytes)
{
	uintptr_t address = module->text.start + (uintptr_t)offset;
	struct rt_range memory = rt_module_memory(module, address);
	if (memory.high - memory.low < bytes)
		return false;
	for (unsigned i = 0; i < module->writable_count; i++)
		if (address < module->writable[i].high && address + bytes > module->writable[i].low)
			return false;
	return bytes;
}

const struct rt_function *rt_module_function(const struct rt_module *module, uint32_t offset)
{
	uint32_t low = 0, high = module->function_count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (module->functions[middle].end <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < module->function_count && module->functions[low].start <= offset
		       ? &module->functions[low]
		       : NULL;
}
