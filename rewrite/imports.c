#include "imports.h"

#include <link.h>

/* And what clang calls behind each atomic load of OpenMP's that acquires: a fence, and nothing else. */
static const char *const yields[] = {"sched_yield", "nanosleep", "clock_nanosleep", "usleep", "sleep",
	"pthread_yield", "thrd_yield", "thrd_sleep", "poll", "clock_gettime",
	"_ZNSt6chrono3_V212steady_clock3nowEv", "_ZNSt6chrono3_V212system_clock3nowEv", "__kmpc_flush"};

static const char *const locks[] = {"pthread_mutex_lock", "pthread_mutex_trylock", "pthread_mutex_timedlock",
	"pthread_rwlock_rdlock", "pthread_rwlock_wrlock", "pthread_spin_lock", "mtx_lock", "g_mutex_lock",
	"g_rec_mutex_lock", "g_rw_lock_writer_lock", "g_rw_lock_reader_lock"};

/* What the names of hooks begin with. A program may call other functions of a sanitizer, where one is there. */
static const char *const hooks[] = {
	"__tsan_func_entry", "__tsan_read", "__tsan_write", "__tsan_unaligned_", "racetrack_hook_"};

struct dynamic {
	const char *strings;
	size_t string_bytes;
	const ElfW(Sym) * symbols;
	struct {
		const ElfW(Rela) * at;
		size_t bytes;
	} relocations[2];
};

/* The loader has added the load address to the entries of programs; a vDSO's and some libraries' are as in the file. */
static uintptr_t pointer(const struct rt_module *module, ElfW(Addr) value)
{
	return value < module->whole.low ? module->base + value : value;
}

static bool read_dynamic(const struct rt_module *module, struct dynamic *dynamic)
{
	*dynamic = (struct dynamic){0};
	if (!module->dynamic)
		return false;
	const ElfW(Dyn) *entry = (const ElfW(Dyn) *)module->dynamic;
	for (; entry->d_tag != DT_NULL; entry++) {
		uintptr_t place = pointer(module, entry->d_un.d_ptr);
		switch (entry->d_tag) {
		case DT_STRTAB:
			dynamic->strings = (const char *)place;
			break;
		case DT_STRSZ:
			dynamic->string_bytes = entry->d_un.d_val;
			break;
		case DT_SYMTAB:
			dynamic->symbols = (const ElfW(Sym) *)place;
			break;
		case DT_JMPREL:
			dynamic->relocations[0].at = (const ElfW(Rela) *)place;
			break;
		case DT_PLTRELSZ:
			dynamic->relocations[0].bytes = entry->d_un.d_val;
			break;
		case DT_RELA:
			dynamic->relocations[1].at = (const ElfW(Rela) *)place;
			break;
		case DT_RELASZ:
			dynamic->relocations[1].bytes = entry->d_un.d_val;
			break;
		default:
			break;
		}
	}
	return dynamic->strings && dynamic->symbols;
}

static bool holds(const struct rt_module *module, const void *at, size_t bytes)
{
	struct rt_range memory = rt_module_memory(module, (uintptr_t)at);
	return memory.high - memory.low >= bytes;
}

/* The name of the relocation's symbol; NULL: none. */
static const char *name_of(
	const struct rt_module *module, const struct dynamic *dynamic, const ElfW(Rela) * relocation)
{
	const ElfW(Sym) *symbol = &dynamic->symbols[ELF64_R_SYM(relocation->r_info)];
	if (!holds(module, symbol, sizeof(*symbol)) || symbol->st_name >= dynamic->string_bytes ||
		!holds(module, dynamic->strings, dynamic->string_bytes))
		return NULL;
	return dynamic->strings + symbol->st_name;
}

/* The first relocation that is wanted; NULL: there is none. */
static const ElfW(Rela) *
	find_relocation(const struct rt_module *module, const struct dynamic *dynamic,
		bool (*is_wanted)(const struct rt_module *module, const struct dynamic *dynamic,
			const ElfW(Rela) * relocation, const void *data),
		const void *data)
{
	for (unsigned table = 0; table < RT_COUNT(dynamic->relocations); table++) {
		const ElfW(Rela) *relocation = dynamic->relocations[table].at;
		size_t bytes = dynamic->relocations[table].bytes;
		if (!relocation || !holds(module, relocation, bytes))
			continue;
		for (; bytes >= sizeof(*relocation); bytes -= sizeof(*relocation), relocation++)
			if (is_wanted(module, dynamic, relocation, data))
				return relocation;
	}
	return NULL;
}

static bool fills_slot(const struct rt_module *module, const struct dynamic *dynamic,
	const ElfW(Rela) * relocation, const void *slot)
{
	(void)dynamic;
	return module->base + relocation->r_offset == *(const uintptr_t *)slot;
}

/* The symbol that the slot of the global offset table is filled with; NULL: none by name. */
static const char *name_of_slot(const struct rt_module *module, uintptr_t slot)
{
	struct dynamic dynamic;
	if (!read_dynamic(module, &dynamic))
		return NULL;
	const ElfW(Rela) *relocation = find_relocation(module, &dynamic, fills_slot, &slot);
	return relocation ? name_of(module, &dynamic, relocation) : NULL;
}

/* jmp *slot(%rip), perhaps behind endbr64 and with a bnd prefix: a stub of the procedure linkage table. 0: it is none. */
static uintptr_t slot_of_stub(const struct rt_module *module, uintptr_t stub)
{
	static const uint8_t endbr64[] = {0xf3, 0x0f, 0x1e, 0xfa};
	const uint8_t *at = (const uint8_t *)stub;
	int32_t distance;
	if (!holds(module, at, 16))
		return 0;
	if (rt_bytes_equal(at, endbr64, sizeof(endbr64)))
		at += sizeof(endbr64);
	if (*at == 0xf2)
		at++;
	if (at[0] != 0xff || at[1] != 0x25)
		return 0;
	rt_bytes_copy(&distance, at + 2, sizeof(distance));
	return (uintptr_t)(at + 6) + (uintptr_t)(intptr_t)distance;
}

uintptr_t rt_imports_target(const struct rt_module *module, const struct rt_insn *call)
{
	uint32_t end = call->offset + call->bytes;
	int32_t distance;
	rt_bytes_copy(&distance, module->text.code + end - sizeof(distance), sizeof(distance));
	return module->text.start + end + (uintptr_t)(intptr_t)distance;
}

static bool is_one_of(const char *name, const char *const *names, unsigned count)
{
	for (unsigned i = 0; name && i < count; i++)
		if (rt_string_equal(name, names[i]))
			return true;
	return false;
}

enum meaning { MEANS_OTHER, YIELDS, LOCKS };

static enum meaning meaning_at(const struct rt_module *module, uintptr_t slot)
{
	const char *name = name_of_slot(module, slot);
	return is_one_of(name, yields, RT_COUNT(yields)) ? YIELDS
	       : is_one_of(name, locks, RT_COUNT(locks)) ? LOCKS
							 : MEANS_OTHER;
}

/* Large modules have very many relocations, and few slots that are asked for often. */
static enum meaning meaning_again(const struct rt_module *module, uintptr_t slot)
{
	static struct {
		const struct rt_module *module;
		uintptr_t slot;
		enum meaning meaning;
	} known[256];
	unsigned at = slot / sizeof(slot) % RT_COUNT(known);
	if (known[at].slot != slot || known[at].module != module) {
		known[at].module = module;
		known[at].slot = slot;
		known[at].meaning = meaning_at(module, slot);
	}
	return known[at].meaning;
}

uintptr_t rt_imports_slot_of(const struct rt_module *module, const struct rt_insn *call)
{
	if (call->target != RT_NO_TARGET)
		return slot_of_stub(module, rt_imports_target(module, call));
	if (call->memories == 1 && call->memory[0].base == RT_REG_PC)
		return module->text.start + (uintptr_t)call->memory[0].displacement;
	return 0;
}

/* A function of the program's own that consists of `pause`, as code without optimisation calls what is to be inline. */
static bool only_pauses(const struct rt_module *module, int32_t target)
{
	static const struct {
		uint8_t code[4], bytes;
	} parts[] = {{{0xf3, 0x0f, 0x1e, 0xfa}, 4} /* endbr64 */,
		{{0x48, 0x89, 0xe5}, 3} /* mov %rsp, %rbp */, {{0xf3, 0x90}, 2} /* pause */,
		{{0x90}, 1} /* nop */, {{0x55}, 1} /* push %rbp */, {{0x5d}, 1} /* pop %rbp */};
	enum { PARTS_MOST = 8, RETURN = 0xc3 };
	bool pauses = false;
	if (target < 0)
		return false;
	uint32_t at = (uint32_t)target;
	for (unsigned n = 0; n < PARTS_MOST; n++) {
		unsigned which = 0;
		while (which < RT_COUNT(parts) && (at + parts[which].bytes >= module->text.bytes ||
							  !rt_bytes_equal(module->text.code + at,
								  parts[which].code, parts[which].bytes)))
			which++;
		if (which == RT_COUNT(parts))
			break;
		pauses |= parts[which].code[0] == 0xf3 && parts[which].bytes == 2;
		at += parts[which].bytes;
	}
	return pauses && module->text.code[at] == RETURN;
}

bool rt_imports_yields(const struct rt_module *module, const struct rt_insn *call)
{
	if (only_pauses(module, call->target))
		return true;
	uintptr_t slot = rt_imports_slot_of(module, call);
	return slot && meaning_again(module, slot) == YIELDS;
}

bool rt_imports_locks(const struct rt_module *module, const struct rt_insn *call)
{
	uintptr_t slot = rt_imports_slot_of(module, call);
	return slot && meaning_again(module, slot) == LOCKS;
}

static bool is_of_hook(const struct rt_module *module, const struct dynamic *dynamic,
	const ElfW(Rela) * relocation, const void *data)
{
	const char *name = name_of(module, dynamic, relocation);
	(void)data;
	for (unsigned i = 0; name && i < RT_COUNT(hooks); i++)
		if (rt_bytes_equal(name, hooks[i], rt_string_bytes(hooks[i], SIZE_MAX)))
			return true;
	return false;
}

bool rt_imports_hooks(const struct rt_module *module)
{
	struct dynamic dynamic;
	return read_dynamic(module, &dynamic) && find_relocation(module, &dynamic, is_of_hook, NULL);
}

static bool is_of_function(const struct rt_module *module, const struct dynamic *dynamic,
	const ElfW(Rela) * relocation, const void *data)
{
	const char *name = name_of(module, dynamic, relocation);
	return name && rt_string_equal(name, data);
}

uintptr_t rt_imports(const struct rt_module *module, const char *function)
{
	struct dynamic dynamic;
	const ElfW(Rela) *found = NULL;
	if (read_dynamic(module, &dynamic))
		found = find_relocation(module, &dynamic, is_of_function, function);
	return found ? module->base + found->r_offset : 0;
}

struct visit {
	void (*visit)(const char *name, uintptr_t slot, void *data);
	void *data;
};

static bool visit_one(const struct rt_module *module, const struct dynamic *dynamic,
	const ElfW(Rela) * relocation, const void *data)
{
	const struct visit *visit = data;
	const char *name = name_of(module, dynamic, relocation);
	if (name)
		visit->visit(name, module->base + relocation->r_offset, visit->data);
	return false;
}

void rt_imports_visit(const struct rt_module *module,
	void (*visit)(const char *name, uintptr_t slot, void *data), void *data)
{
	struct dynamic dynamic;
	struct visit all = {visit, data};
	if (read_dynamic(module, &dynamic))
		find_relocation(module, &dynamic, visit_one, &all);
}
