/* Whether this thread is inside the program's allocator: what an allocator does to itself orders nothing in the program,
 * and its mappings are not the program's accesses.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_ALLOCATING_H
#define RACETRACK_INTERPOSE_ALLOCATING_H

#include "shadow/allocator.h"

extern __attribute__((visibility("hidden"), tls_model("initial-exec"))) __thread unsigned rt_allocating;

/* Value of rt_allocating in the allocator's operator new and in nothing that it called: a handler of the program's, or what
 * allocates an exception, is none of the allocator's. */
#define RT_ALLOCATING_OPERATOR (1u << 31)

/* The body this stands in was called from inside the allocator, at whatever depth. */
#define RT_INSIDE_ALLOCATOR                                                                                  \
	(RT_UNLIKELY(rt_allocating) && (rt_allocating != RT_ALLOCATING_OPERATOR ||                           \
					       rt_allocator_holds((uintptr_t)__builtin_return_address(0))))

/* Sets shadow/allocator.h: once, before a mapping is told. */
__attribute__((visibility("hidden"))) void rt_allocator_find(void);
/* The same for a function of the allocator's. False: it lies in the C library. */
__attribute__((visibility("hidden"))) bool rt_allocator_is_at(const void *function);

/* The body this stands in was called by the allocator, whose threads and destructors map and purge memory outside of any call
 * of the program's, too. */
#define RT_BY_ALLOCATOR (RT_INSIDE_ALLOCATOR || rt_allocator_holds((uintptr_t)__builtin_return_address(0)))

/* A block that the real function gave to the program, not to another allocator function. */
#define RT_APPEARS(name, block, bytes)                                                                       \
	do {                                                                                                 \
		if (RT_LIKELY((block) && !RT_INSIDE_ALLOCATOR))                                              \
			RT_TELL_ALWAYS(name, rt_block_alloc(self, &site, block, bytes));                     \
	} while (0)

#endif
