/* The mappings of this process, as /proc/self/maps has them.
 *
 * Who may include it: shadow/. Under the findings' lock, where nothing else is said. */
#ifndef RACETRACK_SHADOW_PROC_MAPS_H
#define RACETRACK_SHADOW_PROC_MAPS_H

#include "base.h"

struct rt_proc_maps_line {
	uint64_t low, high, inode; /* inode 0: anonymous */
	bool executable;
	const char *path; /* or the kernel's word for it, "[heap]"; or "" */
};

/* Before the process may lose the right to open them, and then in a forked child: else they are opened when needed. No lock. */
RT_HIDDEN void rt_proc_maps_prepare(void);
/* A descriptor, or a negative error number. */
RT_HIDDEN int rt_proc_maps_open(void);
RT_HIDDEN void rt_proc_maps_close(int descriptor);
/* Calls see() for each line, in order of their addresses. */
RT_HIDDEN void rt_proc_maps_each(
	int descriptor, void (*see)(const struct rt_proc_maps_line *line, void *argument), void *argument);

#endif
