/* Memory that is shared by what it is, not by where it lies: mappings with MAP_SHARED of files, memfds, POSIX and System V
 * segments, and anonymous ones.
 *
 * Semantics. Each object has a number in the session, found by what it is (device, inode and time of birth; a serial number where
 * there is no file). An extent of 16 MiB of an object has a place in the session's file for its cells, and the linear shadow of a
 * mapping is a mapping of that place. So a byte has the same cells at all its addresses, in all processes, and code that looks at
 * cells need not know. A session address says which byte it is: extent * RT_EXTENT_BYTES + offset.
 *
 * Where this can't be had (no linear shadow, no session, too many mappings) memory is known by its addresses, as any other, and
 * that is counted.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_OBJECT_H
#define RACETRACK_SHADOW_OBJECT_H

#include "access.h"
#include "page.h"
#include "session.h"

/* A mapping's part that has its cells in one piece. */
struct rt_shared_range {
	uintptr_t low, high;
	uint64_t place;           /* session address of low */
	uint64_t offset;          /* of low, in the object */
	uint32_t object, mapping; /* mapping: index and one; 0: not told yet */
	bool writable;
	rt_ctx_t mapped; /* where; of this process */
	uint32_t thread;
};

/* There are such ranges. */
extern RT_HIDDEN uint32_t rt_shared_count;

/* The range that holds the address; false: none. */
RT_HIDDEN bool rt_shared_find(uintptr_t address, struct rt_shared_range *range);

static inline bool rt_shared_at(uintptr_t address, struct rt_shared_range *range)
{
	return RT_UNLIKELY(rt_shared_count != 0) && rt_shared_find(address, range);
}

/* The page of the address has its cells in the session. */
static inline bool rt_page_is_shared(uintptr_t address, const struct rt_granule *page)
{
	return RT_UNLIKELY(rt_shared_count != 0) && rt_page_has_state(page) &&
	       __atomic_load_n(rt_page_state(address), __ATOMIC_RELAXED) & RT_PAGE_SHARED;
}

/* The key of a synchronisation object: what it is in the session, or its address. */
RT_HIDDEN uint64_t rt_shared_key(uintptr_t address);
static inline uint64_t rt_sync_key(uint64_t key)
{
	return RT_LIKELY(!rt_shared_count) || key >= RT_SYNC_KEY_HIGH ? key : rt_shared_key(key);
}

/* The number of the range's mapping in the session, told if it was not; 0: there is no room. */
RT_HIDDEN uint32_t rt_shared_mapping(const struct rt_shared_range *range);
/* NULL: there is no such number. */
RT_HIDDEN struct rt_session_mapping *rt_session_mapping(uint32_t mapping);

/* The first range that overlaps [low, high); false: none. */
RT_HIDDEN bool rt_shared_next(uintptr_t low, uintptr_t high, struct rt_shared_range *range);
/* The part [low, high) of the range is unmapped at a stack of the session. */
RT_HIDDEN void rt_shared_tell_gone(
	const struct rt_shared_range *range, uintptr_t low, uintptr_t high, uint32_t stack);
/* The addresses stand for something else, or nothing, from now on: their shadow is the process's own again. */
RT_HIDDEN void rt_shared_detach(uintptr_t address, size_t bytes);
RT_HIDDEN void rt_shared_forked(void);

#endif
