/* Whether this thread is inside the program's allocator: what an allocator does to itself orders nothing in the program,
 * and its mappings are not the program's accesses.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_ALLOCATING_H
#define RACETRACK_INTERPOSE_ALLOCATING_H

#include "shadow/allocator.h"

extern __attribute__((visibility("hidden"), tls_model("initial-exec"))) __thread unsigned rt_allocating;

/* Sets shadow/allocator.h: once, before a mapping is told. */
__attribute__((visibility("hidden"))) void rt_allocator_find(void);

/* The body this stands in was called by the allocator, whose threads and destructors map and purge memory outside of any call
 * of the program's, too. */
#define RT_BY_ALLOCATOR (rt_allocating || rt_allocator_holds((uintptr_t)__builtin_return_address(0)))

/* Where the C library allocates for a question of ours, in a thread that may never have allocated: its heap stays as it
 * is. NULL: the program's own calls. The thread is inside the engine while it is set, so that no handler comes in. */
struct rt_own_room {
	char *at, *end;
};
extern __attribute__((
	visibility("hidden"), tls_model("initial-exec"))) __thread struct rt_own_room *rt_own_room;

#endif
