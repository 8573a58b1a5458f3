#include "redirect.h"

#include "lookup.h"
#include "real.h"
#include "wrap.h"
#include "shadow/sys.h"

#include <elf.h>

struct row {
	const char *name;
	void *body;
	unsigned number;
	bool exported;
};

static const struct row rows[] = {
#define RT_ROW(result, name, parameters, text)
#define RT_ROW_UNDECLARED RT_ROW
#define RT_ROW_ALLOCATOR(result, name, parameters, text)                                                     \
	{#name, (void *)rt_wrap_##name, RT_FN_##name - RT_FN_FIRST - 1, true},
#define RT_ROW_OPERATOR(result, name, parameters, text)                                                      \
	{#name, (void *)rt_wrap_##name, RT_FN_##name - RT_FN_FIRST - 1, false},
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW
};

static struct redirection {
	const struct row *row;
	uintptr_t from;        /* several names may be of one function */
	const uint64_t *value; /* of the symbol */
} redirections[RT_COUNT(rows)];
static unsigned count;

/* ---- words that may be read-only ---- */

/* How the loader has left the page that holds the address; 0: it is not the module's. */
static int protection_at(const struct dl_phdr_info *module, uintptr_t address)
{
	const uintptr_t page = ~(uintptr_t)4095;
	int protection = 0;
	for (unsigned i = 0; i < module->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &module->dlpi_phdr[i];
		uintptr_t low = module->dlpi_addr + segment->p_vaddr, high = low + segment->p_memsz;
		if (segment->p_type == PT_GNU_RELRO && address >= (low & page) && address < (high & page))
			return PROT_READ;
		if (segment->p_type == PT_LOAD && address >= low && address < high)
			protection = (segment->p_flags & PF_R ? PROT_READ : 0) |
				     (segment->p_flags & PF_W ? PROT_WRITE : 0) |
				     (segment->p_flags & PF_X ? PROT_EXEC : 0);
	}
	return protection;
}

static long protect(uintptr_t address, int protection)
{
	return rt_syscall(__NR_mprotect, (long)(address & ~(uintptr_t)4095), 4096, protection, 0, 0, 0);
}

/* Where the system refuses, the word stays: what it leads to is only not seen. */
static void put(const struct dl_phdr_info *module, uintptr_t place, uint64_t value)
{
	int protection = protection_at(module, place);
	bool closed = !(protection & PROT_WRITE);
	if (!protection || place % sizeof(value) || (closed && protect(place, protection | PROT_WRITE)))
		return;
	__atomic_store_n((uint64_t *)place, value, __ATOMIC_RELEASE);
	if (closed)
		protect(place, protection);
}

/* ---- modules ---- */

struct tables {
	const ElfW(Sym) * symbols;
	const char *strings;
	struct {
		const ElfW(Rela) * at;
		size_t bytes;
	} relocations[2];
};

static void read_tables(const ElfW(Dyn) * entry, struct tables *tables)
{
	*tables = (struct tables){0};
	for (; entry->d_tag != DT_NULL; entry++) {
		const void *at = (const void *)entry->d_un.d_ptr;
		if (entry->d_tag == DT_SYMTAB)
			tables->symbols = at;
		else if (entry->d_tag == DT_STRTAB)
			tables->strings = at;
		else if (entry->d_tag == DT_JMPREL)
			tables->relocations[0].at = at;
		else if (entry->d_tag == DT_PLTRELSZ)
			tables->relocations[0].bytes = entry->d_un.d_val;
		else if (entry->d_tag == DT_RELA)
			tables->relocations[1].at = at;
		else if (entry->d_tag == DT_RELASZ)
			tables->relocations[1].bytes = entry->d_un.d_val;
	}
}

static bool holds(const struct dl_phdr_info *module, const void *address)
{
	return protection_at(module, (uintptr_t)address) != 0;
}

/* A slot of the global offset table, or a pointer to a function in data: what was bound to one of them is bound to its body. */
static void bind_anew(
	const struct dl_phdr_info *module, const struct tables *tables, const ElfW(Rela) * relocation)
{
	uintptr_t place = module->dlpi_addr + relocation->r_offset;
	uint32_t type = ELF64_R_TYPE(relocation->r_info);
	if ((type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT && type != R_X86_64_64) ||
		!holds(module, (const void *)place))
		return;
	uint64_t now = *(const uint64_t *)place;
	const char *name = tables->strings + tables->symbols[ELF64_R_SYM(relocation->r_info)].st_name;
	for (unsigned i = 0; i < count; i++)
		if (now == redirections[i].from && rt_string_equal(name, redirections[i].row->name))
			put(module, place, (uintptr_t)redirections[i].row->body);
}

static void bind_all(const struct dl_phdr_info *module, const ElfW(Dyn) * dynamic)
{
	struct tables tables;
	read_tables(dynamic, &tables);
	if (!holds(module, tables.strings) || !holds(module, tables.symbols))
		return; /* the kernel's own, whose table nobody relocates */
	for (unsigned table = 0; table < RT_COUNT(tables.relocations); table++) {
		const ElfW(Rela) *relocation = tables.relocations[table].at;
		size_t bytes = relocation ? tables.relocations[table].bytes : 0;
		for (; bytes >= sizeof(*relocation); bytes -= sizeof(*relocation), relocation++)
			bind_anew(module, &tables, relocation);
	}
}

static int visit(struct dl_phdr_info *module, size_t bytes, void *data)
{
	(void)bytes;
	(void)data;
	if (holds(module, &count))
		return 0;
	if (holds(module, redirections[0].value)) {
		for (unsigned i = 0; i < count; i++)
			put(module, (uintptr_t)redirections[i].value,
				(uintptr_t)redirections[i].row->body - module->dlpi_addr);
		return 0;
	}
	for (unsigned i = 0; i < module->dlpi_phnum; i++)
		if (module->dlpi_phdr[i].p_type == PT_DYNAMIC)
			bind_all(module,
				(const ElfW(Dyn) *)(module->dlpi_addr + module->dlpi_phdr[i].p_vaddr));
	return 0;
}

/* ---- the allocator ---- */

static bool was_asked;

static void *note_malloc(size_t bytes)
{
	was_asked = true;
	return rt_real.calloc(1, bytes);
}

/* What was loaded before this library may only look on, and have the next one do the work: that is this library. */
static bool leads_here(void *(*there)(size_t bytes))
{
	struct rt_definition release;
	if (!rt_lookup_first("free", &release))
		return true;
	rt_real_resolve(RT_FN_malloc - RT_FN_FIRST - 1);
	void *(*real)(size_t bytes) = rt_real.malloc;
	rt_real.malloc = note_malloc;
	void *block = there(1);
	rt_real.malloc = real;
	((void (*)(void *))release.function)(block);
	return was_asked;
}

/* The allocator was loaded before this library: then it is the one. */
static bool is_before(void)
{
	struct rt_definition first;
	return rt_lookup_first("malloc", &first) && first.module->l_prev &&
	       rt_lookup_is_before(first.module) && !leads_here((void *(*)(size_t))first.function) &&
	       rt_allocator_is_at(first.function);
}

void rt_redirect(void)
{
	bool before = is_before();
	if (!rt_allocator.bytes)
		return;
	for (unsigned i = 0; i < RT_COUNT(rows); i++) {
		struct rt_definition first;
		if ((rows[i].exported && !before) || !rt_lookup_first(rows[i].name, &first) ||
			!rt_allocator_holds((uintptr_t)first.function))
			continue;
		rt_real_give(rows[i].number, first.function);
		redirections[count++] =
			(struct redirection){&rows[i], (uintptr_t)first.function, first.value};
	}
	if (count)
		dl_iterate_phdr(visit, NULL);
}
