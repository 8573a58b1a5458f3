/* While a process has one thread, nobody races for its private memory: only what other processes share is looked at.
 *
 * Rewritten code then looks at a *view* in the place of the linear shadow (the segment gs leads there): of each region of 2 MiB
 * one cell, which says whether any of it is shared. So a check in private memory costs what it costs where nothing is
 * watched, and is never told; the view takes a page for a region that has something shared, and else none. With a second
 * thread gs leads to the linear shadow again: new threads inherit it.
 *
 *   gs + ((address & place) << 1)     place: bits 43..21 in the view, 43..3 in the linear shadow
 *
 * A check of an address that is a constant does not ask for `place`. So this is for processes whose modules have nothing shared
 * in them: that is, nobody mapped other memory over a module's data.
 *
 * Who may include it: shadow/, and rewrite/. */
#ifndef RACETRACK_SHADOW_SINGLE_H
#define RACETRACK_SHADOW_SINGLE_H

#include "base.h"

extern RT_HIDDEN bool rt_single_on;

/* Others share this memory, or may from now on: before any access to it. Any thread inside the engine. */
RT_HIDDEN void rt_single_share(uintptr_t low, size_t bytes);
/* Rewritten code accesses these addresses as constants. */
RT_HIDDEN void rt_single_module(uintptr_t low, uintptr_t high);
/* From here on there is one thread, and only shared memory is watched; or it is no longer so. By that thread. */
RT_HIDDEN void rt_single_set(bool on);
/* The calling thread's segment gs is ours from now on, after rt_front.calls was filled in: it leads to what is looked at. False: the system refuses. */
RT_HIDDEN bool rt_single_take_segment(void);
/* There is nothing shared near. */
RT_HIDDEN bool rt_single_is_private(uintptr_t address, size_t bytes);
static inline bool rt_single_skips(uintptr_t address, size_t bytes)
{
	return RT_UNLIKELY(rt_single_on) && rt_single_is_private(address, bytes);
}

#endif
