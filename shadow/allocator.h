/* The library that gives the program its memory in the C library's place: jemalloc, tcmalloc, mimalloc. Its own loads and
 * stores are not looked at, whoever made them visible: it keeps its lists in what the program has freed, and the locks that
 * it takes inside malloc and free are not counted, or they would order the program.
 *
 * Who may include it: shadow/, rewrite/, interpose/. Any thread. */
#ifndef RACETRACK_SHADOW_ALLOCATOR_H
#define RACETRACK_SHADOW_ALLOCATOR_H

#include "base.h"

struct rt_allocator {
	uintptr_t low, bytes; /* of the module; 0 bytes: it is the C library, or not known yet */
	/* The program also calls functions of it that nobody else's allocator has: what was freed may come back unseen. */
	bool gives_unseen;
};
extern RT_HIDDEN struct rt_allocator rt_allocator;

/* Before there is a second thread. */
static inline void rt_allocator_set(uintptr_t low, uintptr_t high, bool gives_unseen)
{
	rt_allocator = (struct rt_allocator){low, high - low, gives_unseen};
}

static inline bool rt_allocator_holds(uintptr_t pc)
{
	return RT_UNLIKELY(pc - rt_allocator.low < rt_allocator.bytes);
}

#endif
