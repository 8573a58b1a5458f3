/* The process's mappings, read from /proc/self/maps by system calls alone.
 *
 * Who may include it: rewrite/. Mappings that are made or unmapped behind the reader's back do it no harm: the kernel goes on
 * by address. */
#ifndef RACETRACK_REWRITE_MAPS_H
#define RACETRACK_REWRITE_MAPS_H

#include "module.h"

enum { RT_MAPS_BUFFER = 8192, RT_MAPS_PATH = 4096 };

struct rt_mapping {
	struct rt_range range;
	uint8_t protection; /* RT_PROT_ */
	bool shared;
	uint64_t offset, inode;  /* inode 0: anonymous */
	char path[RT_MAPS_PATH]; /* "" where there is none; cut where it is longer */
};

struct rt_maps {
	int descriptor;
	uint32_t used, at;
	char buffer[RT_MAPS_BUFFER];
	struct rt_mapping mapping; /* the last that was read */
};

/* The reader is too large for a stack: made by rt_alloc. NULL: no memory, or no /proc. */
RT_HIDDEN struct rt_maps *rt_maps_open(void);
/* The next mapping, in ascending order; NULL: there is none. Valid until the next call. */
RT_HIDDEN const struct rt_mapping *rt_maps_next(struct rt_maps *maps);
RT_HIDDEN void rt_maps_close(struct rt_maps *maps);

#endif
