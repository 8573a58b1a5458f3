#include "file.h"

#include "list.h"
#include "shadow/sys.h"
#include "shadow/text.h"

#include <elf.h>

struct image {
	const uint8_t *bytes;
	uint64_t size;
};

/* ---- where code was mapped from ---- */

struct mapped {
	struct rt_range range;
	uint64_t inode;
	uint32_t path; /* in `paths` */
};

static struct {
	RT_LIST(struct mapped) mapped;
	RT_LIST(char) paths;
} files;

static bool add_path(const char *path)
{
	do {
		char *place = rt_list_add(&files.paths);
		if (!place)
			return false;
		*place = *path;
	} while (*path++);
	return true;
}

/* Inside the visit of modules, so that all of them are there. */
static void read_mapped(void)
{
	struct rt_maps *maps = rt_maps_open();
	const struct rt_mapping *mapping;
	while (maps && (mapping = rt_maps_next(maps))) {
		uint32_t path = files.paths.count;
		if (!(mapping->protection & RT_PROT_EXEC) || mapping->path[0] != '/')
			continue;
		struct mapped *place = add_path(mapping->path) ? rt_list_add(&files.mapped) : NULL;
		if (!place)
			break;
		*place = (struct mapped){mapping->range, mapping->inode, path};
	}
	if (maps)
		rt_maps_close(maps);
}

void rt_files_forget(void)
{
	rt_list_fini(&files.mapped);
	rt_list_fini(&files.paths);
}

void rt_file_find(struct rt_file *file, const struct rt_module *module)
{
	if (!files.mapped.count)
		read_mapped();
	file->inode = 0;
	rt_string_copy(file->path, sizeof(file->path), module->path[0] ? module->path : "the program");
	for (uint32_t i = 0; i < files.mapped.count; i++) {
		const struct mapped *mapped = &files.mapped.at[i];
		if (module->text.start < mapped->range.low || module->text.start >= mapped->range.high)
			continue;
		file->inode = mapped->inode;
		rt_string_copy(file->path, sizeof(file->path), files.paths.at + mapped->path);
	}
}

bool rt_file_status(const struct rt_file *file, struct stat *status)
{
	return file->inode &&
	       !rt_sys_failed(rt_syscall(__NR_stat, (long)file->path, (long)status, 0, 0, 0, 0)) &&
	       status->st_ino == file->inode;
}

/* ---- the file, mapped ---- */

static uint64_t find_size(int descriptor)
{
	enum { SEEK_TO_END = 2 };
	long size = rt_syscall(__NR_lseek, descriptor, 0, SEEK_TO_END, 0, 0, 0);
	return rt_sys_failed(size) ? 0 : (uint64_t)size;
}

static bool map_image(const struct rt_file *file, struct image *image)
{
	struct rt_sys_identity identity;
	image->bytes = NULL;
	int descriptor = file->inode ? (int)rt_sys_open(file->path, RT_O_CLOEXEC, 0) : -1;
	if (descriptor < 0)
		return false;
	image->size = find_size(descriptor);
	if (rt_sys_identify(descriptor, &identity) && identity.inode == file->inode && image->size)
		image->bytes = rt_sys_mmap(NULL, image->size, RT_PROT_READ, RT_MAP_PRIVATE, descriptor, 0);
	rt_sys_close(descriptor);
	return image->bytes;
}

/* NULL: that is not all in the file. */
static const void *take(const struct image *image, uint64_t offset, uint64_t bytes, uint64_t alignment)
{
	bool is_inside = offset <= image->size && bytes <= image->size - offset;
	return is_inside && offset % alignment == 0 ? image->bytes + offset : NULL;
}

/* ---- its symbols ---- */

struct symbols {
	const Elf64_Sym *at;
	uint64_t count;
	const char *names;
	uint64_t name_bytes; /* the last of them is 0 */
};

static const Elf64_Shdr *read_sections(const struct image *image, uint32_t *count, uint32_t *names)
{
	const Elf64_Ehdr *header = take(image, 0, sizeof(*header), 1);
	if (!header || !rt_bytes_equal(header->e_ident, ELFMAG, SELFMAG) ||
		header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_shentsize != sizeof(Elf64_Shdr))
		return NULL;
	*count = header->e_shnum;
	*names = header->e_shstrndx;
	return take(image, header->e_shoff, (uint64_t)*count * sizeof(Elf64_Shdr), _Alignof(Elf64_Shdr));
}

static bool read_symbols(const struct image *image, uint32_t type, struct symbols *symbols)
{
	uint32_t count = 0, unused;
	const Elf64_Shdr *sections = read_sections(image, &count, &unused), *table = NULL;
	for (uint32_t i = 0; sections && i < count && !table; i++)
		table = sections[i].sh_type == type ? &sections[i] : NULL;
	if (!table || table->sh_entsize != sizeof(Elf64_Sym) || table->sh_link >= count)
		return false;
	const Elf64_Shdr *names = &sections[table->sh_link];
	symbols->at = take(image, table->sh_offset, table->sh_size, _Alignof(Elf64_Sym));
	symbols->count = table->sh_size / sizeof(Elf64_Sym);
	symbols->names = take(image, names->sh_offset, names->sh_size, 1);
	symbols->name_bytes = names->sh_size;
	return symbols->at && symbols->names && names->sh_type == SHT_STRTAB && names->sh_size &&
	       !symbols->names[names->sh_size - 1];
}

static bool may_be_function(const Elf64_Sym *symbol)
{
	unsigned type = ELF64_ST_TYPE(symbol->st_info);
	return symbol->st_shndx != SHN_UNDEF &&
	       (type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE);
}

bool rt_file_symbols(const struct rt_file *file, const struct rt_module *module,
	void (*visit)(const char *name, uint32_t offset, void *data), void *data)
{
	struct image image;
	struct symbols symbols;
	if (!map_image(file, &image))
		return false;
	bool has_any =
		read_symbols(&image, SHT_SYMTAB, &symbols) || read_symbols(&image, SHT_DYNSYM, &symbols);
	for (uint64_t i = 0; has_any && i < symbols.count; i++) {
		const Elf64_Sym *symbol = &symbols.at[i];
		uint64_t offset = module->base + symbol->st_value - module->text.start;
		if (offset < module->text.bytes && symbol->st_name < symbols.name_bytes &&
			may_be_function(symbol))
			visit(symbols.names + symbol->st_name, (uint32_t)offset, data);
	}
	rt_sys_munmap((void *)image.bytes, image.size);
	return has_any;
}

/* ---- its sections ---- */

static const Elf64_Shdr *find_section(const struct image *image, const char *name)
{
	uint32_t count = 0, names = 0;
	const Elf64_Shdr *sections = read_sections(image, &count, &names);
	uint64_t bytes = rt_string_bytes(name, SIZE_MAX) + 1;
	for (uint32_t i = 0; sections && names < count && i < count; i++) {
		const Elf64_Shdr *section = &sections[i];
		const char *own =
			section->sh_name < sections[names].sh_size
				? take(image, sections[names].sh_offset + section->sh_name, bytes, 1)
				: NULL;
		if (own && rt_bytes_equal(own, name, bytes))
			return section;
	}
	return NULL;
}

bool rt_file_says(const struct rt_file *file, const char *section, const char *text)
{
	struct image image;
	bool says = false;
	if (!map_image(file, &image))
		return false;
	const Elf64_Shdr *found = find_section(&image, section);
	const char *at = found ? take(&image, found->sh_offset, found->sh_size, 1) : NULL;
	uint64_t bytes = rt_string_bytes(text, SIZE_MAX);
	for (uint64_t i = 0; at && i + bytes <= found->sh_size && !says; i++)
		says = rt_bytes_equal(at + i, text, bytes);
	rt_sys_munmap((void *)image.bytes, image.size);
	return says;
}

struct rt_range rt_file_section(const struct rt_file *file, const struct rt_module *module, const char *name)
{
	struct image image;
	if (!map_image(file, &image))
		return (struct rt_range){0, 0};
	const Elf64_Shdr *section = find_section(&image, name);
	uintptr_t low = section ? module->base + section->sh_addr : 0;
	struct rt_range range = {low, section ? low + section->sh_size : 0};
	rt_sys_munmap((void *)image.bytes, image.size);
	return range;
}

/* ---- its debug information ---- */

#define DEBUG_FOLDER "/usr/lib/debug"

static bool exists(const struct rt_text *path)
{
	return path->used + 1 < path->room &&
	       !rt_sys_failed(rt_syscall(__NR_faccessat, RT_AT_FDCWD, (long)path->buffer, 0, 0, 0, 0));
}

/* In DEBUG_FOLDER/.build-id/, by the first byte, the others. */
static bool has_file_by_id(const struct rt_module *module)
{
	char buffer[sizeof(DEBUG_FOLDER "/.build-id//.debug") + 2 * RT_BUILD_ID_BYTES];
	struct rt_text path = rt_text_init(buffer, sizeof(buffer));
	rt_text_add(&path, DEBUG_FOLDER "/.build-id/");
	for (unsigned i = 0; i < module->build_id_bytes; i++) {
		const char digits[] = "0123456789abcdef";
		char byte[] = {digits[module->build_id[i] >> 4], digits[module->build_id[i] & 15], 0};
		rt_text_add(&path, i == 1 ? "/" : "");
		rt_text_add(&path, byte);
	}
	rt_text_add(&path, ".debug");
	return module->build_id_bytes > 1 && exists(&path);
}

/* Beside the file, below it, or in the folder for such: as gdb's manual says, "Separate Debug Files". */
static bool has_file_by_link(const struct rt_file *file, const char *name)
{
	static const char *const before[] = {"", "", DEBUG_FOLDER}, *const behind[] = {"", ".debug/", ""};
	char buffer[RT_MAPS_PATH], folder[RT_MAPS_PATH];
	rt_string_copy(folder, (size_t)(rt_file_base(file->path) - file->path) + 1, file->path);
	for (unsigned i = 0; i < RT_COUNT(before); i++) {
		struct rt_text path = rt_text_init(buffer, sizeof(buffer));
		rt_text_add(&path, before[i]);
		rt_text_add(&path, folder);
		rt_text_add(&path, behind[i]);
		rt_text_add(&path, name);
		if (exists(&path))
			return true;
	}
	return false;
}

static bool has_debug(const struct image *image, const struct rt_file *file)
{
	const Elf64_Shdr *link = find_section(image, ".gnu_debuglink");
	const char *name = link ? take(image, link->sh_offset, link->sh_size, 1) : NULL;
	if (find_section(image, ".debug_info") || find_section(image, ".zdebug_info"))
		return true;
	return name && rt_string_bytes(name, link->sh_size) < link->sh_size && has_file_by_link(file, name);
}

bool rt_file_has_debug(const struct rt_file *file, const struct rt_module *module)
{
	struct image image;
	if (!map_image(file, &image))
		return false;
	bool has = has_file_by_id(module) || has_debug(&image, file);
	rt_sys_munmap((void *)image.bytes, image.size);
	return has;
}

static struct rt_range find_code(const struct image *image, const struct rt_module *module)
{
	uint32_t count = 0, names;
	const Elf64_Shdr *sections = read_sections(image, &count, &names);
	uintptr_t start = module->text.start, end = start + module->text.bytes;
	struct rt_range code = {end, start};
	for (uint32_t i = 0; sections && i < count; i++) {
		uintptr_t low = module->base + sections[i].sh_addr;
		if (!(sections[i].sh_flags & SHF_EXECINSTR) || low < start || low >= end ||
			sections[i].sh_size > end - low)
			continue;
		code.low = low < code.low ? low : code.low;
		code.high = low + sections[i].sh_size > code.high ? low + sections[i].sh_size : code.high;
	}
	return code.low < code.high ? code : (struct rt_range){start, end};
}

struct rt_range rt_file_code(const struct rt_file *file, const struct rt_module *module)
{
	struct image image;
	if (!map_image(file, &image))
		return (struct rt_range){module->text.start, module->text.start + module->text.bytes};
	struct rt_range range = find_code(&image, module);
	rt_sys_munmap((void *)image.bytes, image.size);
	return range;
}
