#include "named.h"

#include "slice.h"
#include "shadow/engine.h"

struct naming {
	const struct rt_module *module;
	uint64_t *bits;
	bool any;
};

static bool starts_with(const char *name, const char *start)
{
	while (*start && *name == *start) {
		name++;
		start++;
	}
	return !*start;
}

/* Where the part begins in it; at its end: it has none. */
static const char *find_part(const char *name, const char *part)
{
	while (*name && !starts_with(name, part))
		name++;
	return name;
}

static bool contains(const char *name, const char *part)
{
	return *find_part(name, part);
}

/* libstdc++'s, libc++'s, and Rust's, as C++ mangles. */
static bool is_cxx_operation(const char *name)
{
	static const char *const classes[] = {"St6atomicI", "St13__atomic_base", "St14__atomic_float",
		"St12__atomic_ref", "St11atomic_flag", "St3__16atomicI", "St3__113__atomic_base",
		"St3__110atomic_refI", "St3__117__atomic_ref_base", "St3__111atomic_flag",
		"St3__117__cxx_atomic_load", "St3__118__cxx_atomic_store", "St3__1L17__cxx_atomic_load",
		"St3__1L18__cxx_atomic_store", "4core4sync6atomic"};
	if (!starts_with(name, "_ZN"))
		return false;
	name += 3;
	while (*name == 'V' || *name == 'K')
		name++;
	for (unsigned i = 0; i < RT_COUNT(classes); i++)
		if (starts_with(name, classes[i]))
			return true;
	return false;
}

/* Rust's, as it mangles of its own, with a number before the name of each crate; D's. */
static bool is_atomic_operation(const char *name)
{
	return is_cxx_operation(name) || (starts_with(name, "_R") && contains(name, "4core4sync6atomic")) ||
	       starts_with(name, "_D4core8internal6atomic") || starts_with(name, "_D4core6atomic");
}

/* In C by custom: jemalloc's, and those of many kernels and libraries. */
static bool is_c_operation(const char *name)
{
	static const char prefix[] = "atomic_";
	static const char *const moves[] = {"load", "store", "read", "get", "set"};
	const char *found = find_part(name, prefix);
	if (*name == '_' /* reserved for others */ || !*found)
		return false;
	for (unsigned i = 0; i < RT_COUNT(moves); i++)
		if (starts_with(found + sizeof(prefix) - 1, moves[i]))
			return true;
	return false;
}

/* libstdc++ waits without a function of its own for the look; Boost has atomics of its own. */
static bool is_other_operation(const char *name)
{
	return starts_with(name, "_ZN") &&
	       (contains(name, "5boost7atomics6detail") ||
		       (contains(name, "__waiter_base") && contains(name, "_S_do_spin")));
}

bool rt_named_moves_atomic(const char *name)
{
	static const char *const moves[] = {"load", "store", "4test", "5clear", "_S_do_spin"};
	if (name[0] != '_')
		return is_c_operation(name);
	for (unsigned i = 0; i < RT_COUNT(moves); i++)
		if (contains(name, moves[i]))
			return is_atomic_operation(name) || is_other_operation(name);
	return false;
}

bool rt_named_is_operand(const char *name, bool *stores)
{
	*stores = starts_with(name, "__atomic_store_ptr");
	return *stores || starts_with(name, "__atomic_load_ptr");
}

static void see_symbol(const char *name, uint32_t offset, void *data)
{
	enum { C_BYTES_MOST = 96 }; /* what is called so in C may do much more, too, but hardly in so few */
	struct naming *naming = data;
	bool is_interface = starts_with(name, "__tsan_"), is_c = is_c_operation(name);
	const struct rt_function *function = is_interface || is_c || is_atomic_operation(name)
						     ? rt_module_function(naming->module, offset)
						     : NULL;
	if (!function || (is_c && function->end - function->start > C_BYTES_MOST))
		return;
	rt_bit_set(naming->bits,
		(is_interface ? RT_NAMED_INTERFACE : RT_NAMED_ATOMIC) * naming->module->function_count +
			(uint32_t)(function - naming->module->functions));
	naming->any = true;
}

static void look_for_atomic(const char *name, uint32_t offset, void *data)
{
	(void)offset;
	*(bool *)data |= is_atomic_operation(name);
}

bool rt_named_any_atomic(const struct rt_module *module, const struct rt_file *file)
{
	bool any = false;
	return rt_file_symbols(file, module, look_for_atomic, &any) && any;
}

size_t rt_named_bytes(const struct rt_module *module)
{
	return (RT_NAMED_KINDS * (size_t)module->function_count / 64 + 2) * sizeof(uint64_t);
}

uint64_t *rt_named_find(const struct rt_module *module, const struct rt_file *file)
{
	struct naming naming = {.module = module, .bits = rt_alloc(rt_named_bytes(module))};
	if (!naming.bits)
		return NULL;
	rt_bytes_zero(naming.bits, rt_named_bytes(module));
	rt_file_symbols(file, module, see_symbol, &naming);
	if (naming.any)
		return naming.bits;
	rt_free(naming.bits, rt_named_bytes(module));
	return NULL;
}

void rt_named_mark(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_memory *memory = &body->insns[i].memory[0];
		if (body->insns[i].memories == 1 && !rt_slice_is_frame(body, memory) &&
			memory->base < RT_REGISTERS && !body->insns[i].is_locked)
			body->marks[i] |= RT_MARK_WAITS;
	}
}
