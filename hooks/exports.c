/* The other names of hooks.def. The compilers know some of them as builtins with a type of their own: they are given to the
 * linker alone. */
#include "hooks.h"

#define RT_HOOK(result, name, parameters, text)
#define RT_HOOK_WEAK(result, name, parameters, text)
#define RT_HOOK_SAME(name, as, text)                                                                         \
	__asm__(".pushsection .text\n"                                                                       \
		".globl " #name "\n"                                                                         \
		".type " #name ", @function\n" #name ": jmp " #as "\n"                                       \
		".size " #name ", . - " #name "\n"                                                           \
		".popsection");
#include "hooks.def"
#undef RT_HOOK_SAME
#undef RT_HOOK_WEAK
#undef RT_HOOK
