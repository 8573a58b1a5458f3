/* Looks at what a loop waits for: those of the loop, and the first ones, which compilers put before it.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_LOOK_H
#define RACETRACK_REWRITE_LOOK_H

#include "loop.h"
#include "slice.h"

/* Marks the load, and those of the same place on the ways to the loop: RT_MARK_WAITS. */
RT_HIDDEN void rt_look_mark(const struct rt_loop *loop, uint32_t load);
/* Marks what is loaded for the test that the loop does at `exit`, of the one or two loads in `asked`, where it comes before the loop. */
RT_HIDDEN void rt_look_mark_entries(const struct rt_loop *loop, uint32_t exit, const struct rt_slice *asked);

#endif
