/* Vacant pages: memory that was freed, or unmapped, and of which nothing was recorded before. What was done to it is kept as a range,
 * so that a free of a gigabyte takes two bytes a page; a page gets its cells when it is touched.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_VACANT_H
#define RACETRACK_SHADOW_VACANT_H

#include "page.h"

enum { RT_VACANT_RANGES = 1024 };

/* The cell, of all bytes, is an access to all of these pages: those become vacant of which nothing is recorded. What it was is known of
 * the RT_VACANT_RANGES newest ranges. */
RT_HIDDEN void rt_vacant_put(uintptr_t start, uintptr_t end, rt_cell_t cell);

/* Its cells say so from here on: before anything is stored in it. */
RT_HIDDEN void rt_vacant_settle(uintptr_t start);

/* It means other memory from now on, and who calls is the only one to use it. False: it is not vacant. */
static inline bool rt_vacant_forget(uintptr_t start, const struct rt_granule *page)
{
	return rt_page_has_state(page) && rt_page_is_vacant(start) && rt_page_leave_vacant(start);
}

#endif
