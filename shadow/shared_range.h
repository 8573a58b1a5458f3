/* Where this process has memory that it shares: a sorted table of its mappings, in pieces that have their cells together.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_SHARED_RANGE_H
#define RACETRACK_SHADOW_SHARED_RANGE_H

#include "cell.h"
#include "page.h"
#include "session.h"

/* A mapping's part that has its cells in one piece. */
struct rt_shared_range {
	uintptr_t low, high;
	uint64_t place;           /* session address of low */
	uint64_t offset;          /* of low, in the object */
	uint32_t object, mapping; /* mapping: index and one; 0: not told yet */
	uint32_t
		published; /* the mapping that stacks name: the first that was told, of a forebear too; 0: none */
	bool writable;
	bool shown;      /* the linear shadow has the session's cells, too; or can't have them */
	uint16_t needed; /* times that it would have been of use */
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
/* The first range that overlaps [low, high); false: none. */
RT_HIDDEN bool rt_shared_next(uintptr_t low, uintptr_t high, struct rt_shared_range *range);

/* The session's cells of an address in the range. Before they are touched: rt_shared_use. */
static inline struct rt_granule *rt_shared_granule(const struct rt_shared_range *range, uintptr_t address)
{
	uint64_t place = range->place + (address - range->low);
	return (struct rt_granule *)(rt_session.shadow + (place << RT_CELL_SCALE_LOG));
}

/* The page of the address has its cells in the session. `page`: the linear shadow's granule. */
static inline bool rt_page_is_shared(uintptr_t address, const struct rt_granule *page)
{
	return RT_UNLIKELY(rt_shared_count != 0) && rt_page_has_state(page) &&
	       __atomic_load_n(rt_page_state(address), __ATOMIC_RELAXED) & RT_PAGE_SHARED;
}

/* ---- changing it ---- */

/* False: there is no room. */
RT_HIDDEN bool rt_shared_add(const struct rt_shared_range *range);
/* Takes out what lies in [low, high) of the first range that overlaps; false: none does. */
RT_HIDDEN bool rt_shared_take(uintptr_t low, uintptr_t high, struct rt_shared_range *gone);
/* The range at the address has this number in the session. */
RT_HIDDEN void rt_shared_set_mapping(uintptr_t low, uint32_t mapping, bool used);
/* What a check in the program's own code would have found in the linear shadow had to be told. If that came often enough, calls
 * show() for the range, once, while nobody can take it out. */
RT_HIDDEN void rt_shared_need(uintptr_t address, void (*show)(const struct rt_shared_range *range));
/* The child of a fork has the mappings, too, as its own. */
RT_HIDDEN void rt_shared_forked(void);

#endif
