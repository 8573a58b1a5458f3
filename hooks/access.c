/* The hooks that the compilers put before loads and stores and into every function. Compiled twice: into the library, and
 * (RT_LINKED_IN) into libracetrack_hooks.a, which racetrack-cc links into the program, so that a call need not go through
 * the procedure linkage table.
 *
 * Names and meaning: gcc's libsanitizer/tsan and LLVM's compiler-rt/lib/tsan/rtl/tsan_interface.h. */
#include "access.h"

#include "shadow/hook_table.h"

/* A definition of the program's own wins. */
#ifdef RT_LINKED_IN
#define HOOK       __attribute__((visibility("hidden"), weak))
#define BIND(name) ".weak " #name "\n.hidden " #name
#define ROW        RT_HOOK_ROW
#else
#define HOOK       RT_EXPORT
#define BIND(name) ".globl " #name
#define ROW(name, bytes, writes)
#endif

/* Sizes, and the suffixes of the names. Of volatile accesses the compilers tell apart only on request. */
#define SIZED(bytes)                                                                                         \
	HOOK void __tsan_read##bytes(const void *address);                                                   \
	HOOK void __tsan_write##bytes(void *address);                                                        \
	HOOK void __tsan_read_write##bytes(void *address);                                                   \
	HOOK void __tsan_volatile_read##bytes(const void *address);                                          \
	HOOK void __tsan_volatile_write##bytes(void *address);                                               \
	HOOK void __tsan_unaligned_read##bytes(const void *address);                                         \
	HOOK void __tsan_unaligned_write##bytes(void *address);                                              \
	HOOK void __tsan_unaligned_read_write##bytes(void *address);                                         \
	HOOK void __tsan_unaligned_volatile_read##bytes(const void *address);                                \
	HOOK void __tsan_unaligned_volatile_write##bytes(void *address);                                     \
	void __tsan_read##bytes(const void *address)                                                         \
	{                                                                                                    \
		rt_hook_access(address, bytes, false, RT_HOOK_PC);                                           \
	}                                                                                                    \
	void __tsan_write##bytes(void *address)                                                              \
	{                                                                                                    \
		rt_hook_access(address, bytes, true, RT_HOOK_PC);                                            \
	}                                                                                                    \
	ROW(__tsan_read##bytes, bytes, 0)                                                                    \
	ROW(__tsan_write##bytes, bytes, 1)                                                                   \
	/* what it reads it also writes, and a write is the stronger */                                      \
	SAME(__tsan_read_write##bytes, __tsan_write##bytes)                                                  \
	SAME(__tsan_volatile_read##bytes, __tsan_read##bytes)                                                \
	SAME(__tsan_volatile_write##bytes, __tsan_write##bytes)                                              \
	SAME(__tsan_unaligned_read##bytes, __tsan_read##bytes)                                               \
	SAME(__tsan_unaligned_write##bytes, __tsan_write##bytes)                                             \
	SAME(__tsan_unaligned_read_write##bytes, __tsan_write##bytes)                                        \
	SAME(__tsan_unaligned_volatile_read##bytes, __tsan_read##bytes)                                      \
	SAME(__tsan_unaligned_volatile_write##bytes, __tsan_write##bytes)

#define SAME(name, as) __asm__(".set " #name ", " #as "\n" BIND(name) "\n.type " #name ", @function");

SIZED(1)
SIZED(2)
SIZED(4)
SIZED(8)
SIZED(16)

HOOK void __tsan_func_entry(void *caller);
HOOK void __tsan_func_exit(void);

void __tsan_func_entry(void *caller)
{
	rt_hook_call((uintptr_t)caller, (uintptr_t)__builtin_dwarf_cfa());
}

void __tsan_func_exit(void)
{
	rt_hook_return();
}

ROW(__tsan_func_entry, 0, 0)
ROW(__tsan_func_exit, 0, 0)
