#include "hook_calls.h"

#include "imports.h"
#include "shadow/hook_table.h"

struct opening {
	struct rt_hooks *hooks;
	bool failed;
};

static void add_hook(struct opening *opening, struct rt_hook hook)
{
	struct rt_hook *place = rt_list_add(&opening->hooks->by_place);
	opening->failed |= !place;
	if (!place)
		return;
	for (; place > opening->hooks->by_place.at && place[-1].place > hook.place; place--)
		*place = place[-1];
	*place = hook;
}

/* Moves *at behind the text, if it begins so. */
static bool takes(const char **at, const char *text)
{
	size_t bytes = rt_string_bytes(text, SIZE_MAX);
	if (!rt_bytes_equal(*at, text, bytes))
		return false;
	*at += bytes;
	return true;
}

static unsigned read_number(const char **at)
{
	unsigned number = 0;
	for (; **at >= '0' && **at <= '9' && number < RT_HOOK_RANGE / 16; ++*at)
		number = number * 10 + (unsigned)(**at - '0');
	return number;
}

/* By the name behind "__tsan_". What has another one may order something. */
static struct rt_hook name_hook(const char *at, uintptr_t slot)
{
	struct rt_hook hook = {.place = slot, .orders = true};
	if (takes(&at, "atomic")) {
		unsigned bits = read_number(&at);
		hook.bytes = takes(&at, "_load") ? (uint16_t)(bits / 8) : 0; /* clang leaves the load there */
		return hook;
	}
	bool is_vptr = takes(&at, "vptr_"), is_call = takes(&at, "func_");
	if (!takes(&at, "unaligned_"))
		takes(&at, "volatile_");
	hook.writes = takes(&at, "read_write") || takes(&at, "write") || takes(&at, "update");
	if (!hook.writes && !takes(&at, "read"))
		at = "";
	hook.bytes = (uint16_t)(is_vptr                ? sizeof(uintptr_t)
				: takes(&at, "_range") ? RT_HOOK_RANGE
						       : read_number(&at));
	hook.orders = !hook.bytes && !is_call;
	return hook;
}

static void see_import(const char *name, uintptr_t slot, void *data)
{
	struct opening *opening = data;
	const char *rest = name;
	if (!takes(&rest, "__tsan_"))
		return;
	add_hook(opening, name_hook(rest, slot));
	opening->hooks->has_atomics |= takes(&rest, "atomic");
}

/* What racetrack-cc has linked in. */
static void read_table(struct opening *opening, const struct rt_module *module, const struct rt_file *file)
{
	struct rt_range section = rt_file_section(file, module, RT_HOOK_TABLE);
	struct rt_range memory = rt_module_memory(module, section.low);
	const struct rt_hook_row *row = (const struct rt_hook_row *)section.low;
	if (section.high > memory.high)
		return;
	for (; (uintptr_t)(row + 1) <= section.high; row++)
		add_hook(opening, (struct rt_hook){(uintptr_t)row + (uintptr_t)(intptr_t)row->distance,
					  row->bytes, row->writes, false});
}

static void see_symbol(const char *name, uint32_t offset, void *data)
{
	struct rt_hooks *hooks = data;
	(void)offset;
	hooks->has_counters |= takes(&name, "__gcov_init") || takes(&name, "llvm_gcov_init") ||
			       takes(&name, "__llvm_gcov_init");
}

bool rt_hooks_open(struct rt_hooks *hooks, const struct rt_module *module, const struct rt_file *file)
{
	struct opening opening = {hooks, false};
	rt_imports_visit(module, see_import, &opening);
	uint32_t imported = hooks->by_place.count;
	read_table(&opening, module, file);
	hooks->are_all_gcc =
		rt_file_says(file, ".comment", "GCC: ") && !rt_file_says(file, ".comment", "clang");
	hooks->has_counters = rt_file_says(file, "__llvm_prf_cnts", "");
	rt_file_symbols(file, module, see_symbol, hooks);
	bool is_linked_in = rt_imports(module, "racetrack_hook_access");
	return !opening.failed && (!is_linked_in || hooks->by_place.count > imported);
}

static const struct rt_hook *find(const struct rt_hooks *hooks, uintptr_t place)
{
	uint32_t low = 0, high = hooks->by_place.count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (hooks->by_place.at[middle].place < place)
			low = middle + 1;
		else
			high = middle;
	}
	const struct rt_hook *hook = &hooks->by_place.at[low];
	return low < hooks->by_place.count && hook->place == place ? hook : NULL;
}

const struct rt_hook *rt_hook_of(
	const struct rt_hooks *hooks, const struct rt_module *module, const struct rt_insn *insn)
{
	enum { FAR_JUMP = 5 /* bytes: none that is shorter leaves the function */ };
	if (insn->flow != RT_FLOW_CALL && (insn->flow != RT_FLOW_JUMP || insn->bytes < FAR_JUMP))
		return NULL;
	const struct rt_hook *hook =
		insn->target != RT_NO_TARGET ? find(hooks, rt_imports_target(module, insn)) : NULL;
	uintptr_t slot = hook ? 0 : rt_imports_slot_of(module, insn);
	return slot ? find(hooks, slot) : hook;
}

void rt_hooks_close(struct rt_hooks *hooks)
{
	rt_list_fini(&hooks->by_place);
}
