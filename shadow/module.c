#include "module.h"

#include "arena.h"
#include "child.h"
#include "engine.h"
#include "proc_maps.h"
#include "record.h"
#include "sys.h"

#include <elf.h>

enum { PATH_BYTES = 1024, BUILD_ID_BYTES = 64, MODULES_MOST = 4096, HEADERS_MOST = 64 };

struct module {
	uint64_t low, high, bias, path_hash;
	uint64_t tls_bytes; /* size of its thread-local storage */
	uint32_t id;
	bool seen; /* in the scan that goes on */
};

/* What one run of lines in the maps file says: the mappings of one file. */
struct mapped_file {
	uint64_t low, inode;
	bool executable;
	char path[PATH_BYTES];
};

static struct module *modules;
static RT_AT_FORK uint32_t module_count, next_id = 1;

static uint64_t hash_text(const char *text)
{
	uint64_t hash = 0;
	while (*text)
		hash = rt_hash64(hash ^ (unsigned char)*text++) + 1;
	return hash;
}

struct image {
	uint64_t bias, high, tls_bytes;
	unsigned char build_id[BUILD_ID_BYTES];
	uint32_t build_id_bytes;
};

static void read_build_id(struct image *image, uint64_t address, uint64_t bytes)
{
	static unsigned char notes[1024]; /* findings' lock; the stack may be small */
	bytes = bytes < sizeof(notes) ? bytes : sizeof(notes);
	if (!rt_sys_safe_copy(address, notes, bytes))
		return;
	for (size_t at = 0; at + sizeof(Elf64_Nhdr) <= bytes;) {
		Elf64_Nhdr note;
		rt_bytes_copy(&note, notes + at, sizeof(note));
		size_t name = at + sizeof(note), text = name + ((note.n_namesz + 3u) & ~3u);
		size_t next = text + ((note.n_descsz + 3u) & ~3u);
		if (note.n_namesz > bytes || note.n_descsz > bytes || next > bytes)
			return;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && note.n_descsz <= BUILD_ID_BYTES) {
			rt_bytes_copy(image->build_id, notes + text, note.n_descsz);
			image->build_id_bytes = note.n_descsz;
			return;
		}
		at = next;
	}
}

/* What the ELF headers at the start of a mapped file say. False: no ELF file. */
static bool read_image(uint64_t low, struct image *image)
{
	Elf64_Ehdr header;
	static Elf64_Phdr parts[HEADERS_MOST];
	rt_bytes_zero(image, sizeof(*image));
	if (!rt_sys_safe_copy(low, &header, sizeof(header)) ||
		!rt_bytes_equal(header.e_ident, ELFMAG, SELFMAG))
		return false;
	uint32_t count = header.e_phnum < HEADERS_MOST ? header.e_phnum : HEADERS_MOST;
	if (!rt_sys_safe_copy(low + header.e_phoff, parts, count * sizeof(Elf64_Phdr)))
		return false;
	bool first = true;
	for (uint32_t i = 0; i < count; i++) {
		if (parts[i].p_type == PT_TLS)
			image->tls_bytes = parts[i].p_memsz;
		if (parts[i].p_type != PT_LOAD)
			continue;
		if (first)
			image->bias = low - (parts[i].p_vaddr & ~(uint64_t)(RT_PAGE_BYTES - 1));
		first = false;
		uint64_t end = image->bias + parts[i].p_vaddr + parts[i].p_memsz;
		image->high = end > image->high ? end : image->high;
	}
	for (uint32_t i = 0; i < count && !image->build_id_bytes; i++)
		if (parts[i].p_type == PT_NOTE)
			read_build_id(image, image->bias + parts[i].p_vaddr, parts[i].p_memsz);
	return !first;
}

/* Whoever asked for each file, while rt_modules_each goes on; else NULL. */
static void (*visitor)(const struct rt_module_image *image);

static void visit(const struct mapped_file *file)
{
	struct image image;
	if (!read_image(file->low, &image))
		return;
	struct rt_module_image seen = {.low = file->low,
		.high = image.high,
		.bias = image.bias,
		.path = file->path,
		.build_id = image.build_id,
		.build_id_bytes = image.build_id_bytes};
	visitor(&seen);
}

static void record_module(
	const struct module *module, uint64_t high, const char *path, const struct image *image)
{
	rt_record_begin(RT_RECORD_MODULE);
	rt_record_u32(module->id);
	rt_record_u64(module->low);
	rt_record_u64(high);
	rt_record_u64(image->bias);
	rt_record_u8(high == 0);
	rt_record_str(path);
	rt_record_bytes(image->build_id, image->build_id_bytes);
	rt_record_commit();
}

static void see_file(const struct mapped_file *file)
{
	if (!file->executable || file->path[0] != '/')
		return;
	if (visitor)
		visit(file);
	if (visitor || !modules)
		return;
	uint64_t hash = hash_text(file->path);
	for (uint32_t i = 0; i < module_count; i++)
		if (modules[i].low == file->low && modules[i].path_hash == hash) {
			modules[i].seen = true;
			return;
		}
	struct image image;
	if (module_count == MODULES_MOST || !read_image(file->low, &image))
		return;
	struct module *module = &modules[module_count++];
	*module = (struct module){.low = file->low,
		.high = image.high,
		.bias = image.bias,
		.path_hash = hash,
		.tls_bytes = image.tls_bytes,
		.id = next_id++,
		.seen = true};
	record_module(module, image.high, file->path, &image);
}

/* Anonymous memory may lie between the parts of a file. */
static void see_line(const struct rt_proc_maps_line *line, void *argument)
{
	struct mapped_file *file = argument;
	if (!line->inode)
		return;
	if (line->inode != file->inode || !rt_string_equal(line->path, file->path)) {
		see_file(file);
		rt_bytes_zero(file, sizeof(*file));
		file->low = line->low;
		file->inode = line->inode;
		rt_string_copy(file->path, sizeof(file->path), line->path);
	}
	file->executable |= line->executable;
}

static void scan_maps(int descriptor)
{
	static struct mapped_file file; /* under the findings' lock */
	rt_bytes_zero(&file, sizeof(file));
	rt_proc_maps_each(descriptor, see_line, &file);
	see_file(&file);
}

static void record_modules(int descriptor)
{
	for (uint32_t i = 0; i < module_count; i++)
		modules[i].seen = false;
	scan_maps(descriptor);
	static const struct image gone;
	for (uint32_t i = 0; i < module_count;)
		if (modules[i].seen) {
			i++;
		} else {
			record_module(&modules[i], 0, "", &gone);
			modules[i] = modules[--module_count];
		}
}

static bool record_in_child(void)
{
	int descriptor = rt_proc_maps_open();
	if (descriptor >= 0)
		record_modules(descriptor);
	rt_proc_maps_close(descriptor);
	return descriptor >= 0;
}

void rt_modules_record(void)
{
	size_t bytes;
	if (!modules)
		modules = rt_reserve_hot(MODULES_MOST * sizeof(struct module), 4096, &bytes);
	int descriptor = rt_proc_maps_open();
	if (descriptor == -RT_EMFILE)
		rt_child_run(record_in_child);
	if (descriptor < 0)
		return;
	record_modules(descriptor);
	rt_proc_maps_close(descriptor);
}

bool rt_module_is_at(uintptr_t address)
{
	for (uint32_t i = 0; i < module_count; i++)
		if (address >= modules[i].low && address < modules[i].high)
			return true;
	return false;
}

uint32_t rt_module_tls(uint64_t bias, uint64_t *bytes)
{
	for (uint32_t i = 0; i < module_count; i++)
		if (modules[i].bias == bias && modules[i].tls_bytes) {
			*bytes = modules[i].tls_bytes;
			return modules[i].id;
		}
	return 0;
}

void rt_modules_each(void (*put)(const struct rt_module_image *image))
{
	int descriptor = rt_proc_maps_open();
	if (descriptor < 0)
		return;
	visitor = put;
	scan_maps(descriptor);
	visitor = NULL;
	rt_proc_maps_close(descriptor);
}

void rt_modules_forget(void)
{
	module_count = 0;
}
