/* The operators new and delete of a library that brings an allocator. Those of the C++ library end in malloc and free, which
 * are seen. Exceptions pass through. */
#include "wrap.h"

static void leave_allocator(const unsigned *before)
{
	rt_allocating = *before;
}

/* May throw, or call a handler of the program's that throws or ends the thread. */
#define NEW_BODY(name, ...)                                                                                  \
	void *block;                                                                                         \
	{                                                                                                    \
		__attribute__((cleanup(leave_allocator))) const unsigned before = rt_allocating;             \
		rt_allocating = RT_INSIDE_ALLOCATOR ? before : RT_ALLOCATING_OPERATOR;                       \
		block = rt_real.name(__VA_ARGS__);                                                           \
	}                                                                                                    \
	RT_APPEARS(name, block, bytes);                                                                      \
	return block

void *rt_wrap__Znwm(size_t bytes)
{
	NEW_BODY(_Znwm, bytes);
}

void *rt_wrap__Znam(size_t bytes)
{
	NEW_BODY(_Znam, bytes);
}

void *rt_wrap__ZnwmSt11align_val_t(size_t bytes, size_t alignment)
{
	NEW_BODY(_ZnwmSt11align_val_t, bytes, alignment);
}

void *rt_wrap__ZnamSt11align_val_t(size_t bytes, size_t alignment)
{
	NEW_BODY(_ZnamSt11align_val_t, bytes, alignment);
}

void *rt_wrap__ZnwmRKSt9nothrow_t(size_t bytes, const void *nothrow)
{
	NEW_BODY(_ZnwmRKSt9nothrow_t, bytes, nothrow);
}

void *rt_wrap__ZnamRKSt9nothrow_t(size_t bytes, const void *nothrow)
{
	NEW_BODY(_ZnamRKSt9nothrow_t, bytes, nothrow);
}

void *rt_wrap__ZnwmSt11align_val_tRKSt9nothrow_t(size_t bytes, size_t alignment, const void *nothrow)
{
	NEW_BODY(_ZnwmSt11align_val_tRKSt9nothrow_t, bytes, alignment, nothrow);
}

void *rt_wrap__ZnamSt11align_val_tRKSt9nothrow_t(size_t bytes, size_t alignment, const void *nothrow)
{
	NEW_BODY(_ZnamSt11align_val_tRKSt9nothrow_t, bytes, alignment, nothrow);
}

#define DELETE_BODY(name, ...)                                                                               \
	if (RT_LIKELY(block && !RT_INSIDE_ALLOCATOR))                                                        \
		RT_TELL_ALWAYS(name, rt_block_free(self, &site, block));                                     \
	rt_allocating++;                                                                                     \
	rt_real.name(__VA_ARGS__);                                                                           \
	rt_allocating--

void rt_wrap__ZdlPv(void *block)
{
	DELETE_BODY(_ZdlPv, block);
}

void rt_wrap__ZdaPv(void *block)
{
	DELETE_BODY(_ZdaPv, block);
}

void rt_wrap__ZdlPvm(void *block, size_t bytes)
{
	DELETE_BODY(_ZdlPvm, block, bytes);
}

void rt_wrap__ZdaPvm(void *block, size_t bytes)
{
	DELETE_BODY(_ZdaPvm, block, bytes);
}

void rt_wrap__ZdlPvSt11align_val_t(void *block, size_t alignment)
{
	DELETE_BODY(_ZdlPvSt11align_val_t, block, alignment);
}

void rt_wrap__ZdaPvSt11align_val_t(void *block, size_t alignment)
{
	DELETE_BODY(_ZdaPvSt11align_val_t, block, alignment);
}

void rt_wrap__ZdlPvmSt11align_val_t(void *block, size_t bytes, size_t alignment)
{
	DELETE_BODY(_ZdlPvmSt11align_val_t, block, bytes, alignment);
}

void rt_wrap__ZdaPvmSt11align_val_t(void *block, size_t bytes, size_t alignment)
{
	DELETE_BODY(_ZdaPvmSt11align_val_t, block, bytes, alignment);
}

void rt_wrap__ZdlPvRKSt9nothrow_t(void *block, const void *nothrow)
{
	DELETE_BODY(_ZdlPvRKSt9nothrow_t, block, nothrow);
}

void rt_wrap__ZdaPvRKSt9nothrow_t(void *block, const void *nothrow)
{
	DELETE_BODY(_ZdaPvRKSt9nothrow_t, block, nothrow);
}

void rt_wrap__ZdlPvSt11align_val_tRKSt9nothrow_t(void *block, size_t alignment, const void *nothrow)
{
	DELETE_BODY(_ZdlPvSt11align_val_tRKSt9nothrow_t, block, alignment, nothrow);
}

void rt_wrap__ZdaPvSt11align_val_tRKSt9nothrow_t(void *block, size_t alignment, const void *nothrow)
{
	DELETE_BODY(_ZdaPvSt11align_val_tRKSt9nothrow_t, block, alignment, nothrow);
}
