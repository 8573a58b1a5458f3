/* Address space that jumps of a text reach and that nobody uses: found and reserved.
 *
 * Left to the program: room for the heap above its break, for stacks to grow, and a page beside every other mapping.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_REACH_H
#define RACETRACK_REWRITE_REACH_H

#include "module.h"

enum { RT_REGIONS_MOST = 64 };

struct rt_reach {
	struct rt_range window;                   /* of all addresses in reach of some of it */
	struct rt_range core;                     /* of those in reach of all of it */
	struct rt_range regions[RT_REGIONS_MOST]; /* reserved, without access; the nearest first */
	uint32_t count;
	size_t bytes;
};

/* False: nothing could be reserved. */
RT_HIDDEN bool rt_reach_reserve(struct rt_reach *reach, struct rt_range near);

#endif
