/* The exported names: each row's function jumps to its body. Also the proof that a row's signature is the C library's. Operators
 * are not exported: whoever has some of its own is to find those. */
#include "wrap.h"

#define RT_ROW(result, name, parameters, text)                                                               \
	__asm__(".pushsection .text\n"                                                                       \
		".globl " #name "\n"                                                                         \
		".hidden rt_export_" #name "\n"                                                              \
		".globl rt_export_" #name "\n"                                                               \
		".type " #name ", @function\n" #name ": rt_export_" #name ": jmp rt_wrap_" #name "\n"        \
		".size " #name ", . - " #name "\n"                                                           \
		".popsection");
#define RT_ROW_UNDECLARED RT_ROW
#define RT_ROW_OPERATOR(result, name, parameters, text)
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW

#define RT_ROW(result, name, parameters, text)                                                               \
	_Static_assert(__builtin_types_compatible_p(__typeof__(name), result parameters),                    \
		"the row of " #name " differs from the header's declaration");
#define RT_ROW_UNDECLARED(result, name, parameters, text)
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW

/* By these names a program that defines a function of its own calls on to the detector's. */
#define RT_ROW(result, name, parameters, text)                                                               \
	__asm__(".globl __interceptor_" #name "\n"                                                           \
		".type __interceptor_" #name ", @function\n"                                                 \
		".set __interceptor_" #name ", rt_export_" #name);
#define RT_ROW_UNDECLARED RT_ROW
#define RT_ROW_OPERATOR(result, name, parameters, text)
#include "wrappers.def"
#undef RT_ROW_UNDECLARED
#undef RT_ROW

/* What the compilers call in place of memcpy and its like, in code with -fsanitize=thread. */
#define SAME(name, body)                                                                                     \
	__asm__(".pushsection .text\n"                                                                       \
		".globl " #name "\n"                                                                         \
		".type " #name ", @function\n" #name ": jmp " #body "\n"                                     \
		".size " #name ", . - " #name "\n"                                                           \
		".popsection");
SAME(__tsan_memcpy, rt_wrap_memcpy)
SAME(__tsan_memmove, rt_wrap_memmove)
SAME(__tsan_memset, rt_wrap_memset)
