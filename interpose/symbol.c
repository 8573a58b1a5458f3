/* Functions that a program asks for by their names. Who names the C library, or one that needs it, finds the real function, as
 * Free Pascal's threads do, and whatever calls C by a table of names (ctypes, LuaJIT's ffi): it is given the wrapped one, which
 * it would have been bound to. A function that another library has in its place is left as it is, and so is what is looked for
 * without naming a library: it is found in the order of loading, and behind the caller by those who wrap functions, too. */
#include "real.h"
#include "wrap.h"

#define RT_ROW(result, name, parameters, text) extern RT_HIDDEN const char rt_export_##name[];
#define RT_ROW_UNDECLARED                      RT_ROW
#define RT_ROW_OPERATOR(result, name, parameters, text)
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW

static const struct export
{
	const char *name;
	const void *function;
	unsigned row;
}
exports[] = {
#define RT_ROW(result, name, parameters, text) {#name, rt_export_##name, RT_FN_##name - RT_FN_FIRST - 1},
#define RT_ROW_UNDECLARED                      RT_ROW
#define RT_ROW_OPERATOR(result, name, parameters, text)
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW
};

static void *wrapped(const char *name, void *found)
{
	for (unsigned i = 0; found && i < RT_COUNT(exports); i++)
		if (rt_string_equal(exports[i].name, name))
			return found != exports[i].function && rt_real_is(exports[i].row, found)
				       ? (void *)exports[i].function
				       : found;
	return found;
}

RT_HIDDEN void *rt_symbol_in(void *module, const char *name);
__attribute__((used)) void *rt_symbol_in(void *module, const char *name)
{
	rt_rewrite_look_and_wait(); /* what was loaded just now is asked for its functions before they are called */
	return wrapped(name, rt_real.dlsym(module, name));
}

RT_HIDDEN void *rt_symbol_version_in(void *module, const char *name, const char *version);
__attribute__((used)) void *rt_symbol_version_in(void *module, const char *name, const char *version)
{
	rt_rewrite_look_and_wait();
	return wrapped(name, rt_real.dlvsym(module, name, version));
}

/* RTLD_NEXT is -1 and RTLD_DEFAULT 0: there the loader looks who called, so it is jumped to. */
#define JUMP_UNLESS_NAMED(name, to)                                                                          \
	__asm__("leaq 1(%%rdi), %%rax\n\t"                                                                   \
		"cmpq $1, %%rax\n\t"                                                                         \
		"ja " #to "\n\t"                                                                             \
		"jmp *rt_real + %c0(%%rip)" ::"i"(offsetof(struct rt_real, name)))

#pragma GCC diagnostic ignored "-Wunused-parameter"

__attribute__((naked)) void *rt_wrap_dlsym(void *module, const char *name)
{
	JUMP_UNLESS_NAMED(dlsym, rt_symbol_in);
}

__attribute__((naked)) void *rt_wrap_dlvsym(void *module, const char *name, const char *version)
{
	JUMP_UNLESS_NAMED(dlvsym, rt_symbol_version_in);
}
