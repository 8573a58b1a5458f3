/* The cells of shared memory: what access.c does for other memory, where other processes do the same at the same moment, and may
 * be killed in the middle of it.
 *
 * A cell's segment is of a block of the session, its context the number of a published stack. There are no patterns, no folded
 * pages and no floor. A granule with more than two cells has a list, as in overflow.h, but one that never changes: another list
 * takes its place, by the exchange of both cells. So nothing is locked. The tag has a number that changes with every exchange:
 *
 *   63..50 RT_BLOCK_TAG | 49..34 changes | 33..32 0 | 31..0 the list
 *
 * Who may include it: shadow/. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_SHARED_H
#define RACETRACK_SHADOW_SHARED_H

#include "object.h"

/* This process is to look at the cells of the page of the address. */
RT_HIDDEN void rt_shared_use(const struct rt_shared_range *range, uintptr_t address);
/* The cells of an address, in use; NULL: it is not shared, or no more. */
RT_HIDDEN struct rt_granule *rt_shared_granule_at(uintptr_t address);

/* The part of an access that lies in one page, which is shared. */
RT_HIDDEN void rt_shared_check(struct rt_access *access, uintptr_t at, uintptr_t end);
/* Takes the bytes of the mask out of a granule's cells. */
RT_HIDDEN void rt_shared_forget(struct rt_granule *granule, uint8_t mask);

/* The cells of a granule, at most `most`; how many. */
enum { RT_SHARED_CELLS = 4096, RT_SHARED_ROOM = (RT_SHARED_CELLS + 1) * sizeof(rt_cell_t) };
RT_HIDDEN uint32_t rt_shared_cells(struct rt_granule *granule, rt_cell_t *cells, uint32_t most);

/* The unmapping of a part of this process's address space, before it: what this process's threads do there at the same time. */
RT_HIDDEN void rt_shared_unmap(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes);

#endif
