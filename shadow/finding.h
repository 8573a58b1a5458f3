/* Findings: from a pair of conflicting accesses to a record, each distinct one once.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_FINDING_H
#define RACETRACK_SHADOW_FINDING_H

#include "cell.h"

/* An access ran into an earlier cell; [low, high) is what both touch. */
struct rt_race {
	rt_cell_t cell;
	uintptr_t low, high;
};

RT_HIDDEN bool rt_finding_init(void);
/* `context` is the access's; [address, address + bytes) all of it. */
RT_HIDDEN void rt_finding_race(struct rt_thread *self, rt_ctx_t context, uintptr_t address, size_t bytes,
	bool atomic, const struct rt_race *race);
/* How many were recorded by this process: all, and those that are no mere notes. */
RT_HIDDEN uint64_t rt_finding_count(void);
RT_HIDDEN uint64_t rt_finding_errors(void);
/* The lock under which records are written. */
RT_HIDDEN void rt_finding_lock(void);
RT_HIDDEN void rt_finding_unlock(void);
/* In a forked child: its record file needs everything again. */
RT_HIDDEN void rt_finding_forked(void);
/* Counts record files: what is marked with it is in the current one. */
RT_HIDDEN uint32_t rt_finding_generation(void);

#endif
