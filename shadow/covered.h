/* A look at what is read or written, of any size, before the engine is asked: most of it is in its cells already.
 *
 * Who may include it: interpose/ and hooks/, also the part that is linked into the program. Owner thread. */
#ifndef RACETRACK_SHADOW_COVERED_H
#define RACETRACK_SHADOW_COVERED_H

#include "hot.h"

#include <stdbool.h>
#include <stddef.h>

enum { RT_COVERED_MOST = 128 };

/* Plain accesses to these bytes, as strong, are in their cells, of this thread's present epoch. False: or there are many bytes. */
static inline bool rt_is_covered(const volatile void *address, size_t bytes, bool write)
{
	const struct rt_hot *hot = &racetrack_hot;
	uintptr_t at = (uintptr_t)address, end = at + bytes;
	if (!hot->epoch || bytes > RT_COVERED_MOST)
		return false;
	for (uintptr_t next; at < end; at = next) {
		next = (at | 7) + 1;
		next = next < end ? next : end;
		if (!rt_hot_is_there(hot, hot->epoch, at, (unsigned)(next - at), write))
			return false;
	}
	return true;
}

#endif
