/* The memory of an arena: regions of address space that are written first and executable then, and never both at once. Private pages, or
 * where the system lets none become executable a memory file's, which are written by a second view.
 *
 * Who may include it: rewrite/arena.c. One thread at a time. */
#ifndef RACETRACK_REWRITE_BACKING_H
#define RACETRACK_REWRITE_BACKING_H

#include "reach.h"

/* A region has one place in the memory file and one writable view. Without a file the view is the region itself. */
struct rt_region {
	struct rt_range range;
	uint8_t *view;
	size_t file_offset;
};

struct rt_backing {
	struct rt_region regions[RT_REGIONS_MOST];
	uint32_t count;
	uint32_t last; /* where rt_backing_at looks first */
	int file;      /* negative: private pages */
	size_t bytes;
};

RT_HIDDEN void rt_backing_init(struct rt_backing *backing);
/* A region, which is reserved: RT_REGIONS_MOST at most. */
RT_HIDDEN void rt_backing_add(struct rt_backing *backing, struct rt_range range);
/* Decides how pages will become executable, and makes them writable. False: they can't. */
RT_HIDDEN bool rt_backing_open(struct rt_backing *backing);
/* Where what will run at the address is written. */
RT_HIDDEN uint8_t *rt_backing_at(struct rt_backing *backing, uintptr_t address);
RT_HIDDEN void rt_backing_prefer_huge(
	const struct rt_backing *backing, struct rt_range range, bool is_preferred);
/* Nothing is written any more. */
RT_HIDDEN void rt_backing_unmap(struct rt_backing *backing);
/* Makes a part of a region executable, after that. False: the system refuses. */
RT_HIDDEN bool rt_backing_run(struct rt_backing *backing, struct rt_range run);
RT_HIDDEN void rt_backing_close(struct rt_backing *backing);

#endif
