/* Findings: from a pair of conflicting accesses to a record, each distinct one once.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_FINDING_H
#define RACETRACK_SHADOW_FINDING_H

#include "cell.h"
#include "memory.h"

/* An access ran into an earlier cell; [low, high) is what both touch. */
struct rt_race {
	rt_cell_t cell;
	uintptr_t low, high;
	bool shared; /* the cell is of shared memory: see shared.h */
};

/* A side of a finding: an access, or with 0 bytes a place. */
struct rt_side {
	uint32_t thread;
	enum rt_access_kind kind;
	bool atomic;
	uintptr_t address;
	size_t bytes;
	rt_ctx_t context;
};

/* What is told of a race to whoever asked for it, by the thread that found it, outside the engine with no lock held. */
enum { RT_FOUND_SIDES = 3, RT_FOUND_NAME_BYTES = 64 };
struct rt_found {
	const char *rule;
	struct rt_side sides[RT_FOUND_SIDES];
	uint32_t count;
	struct rt_memory_location location;
	char name[RT_FOUND_NAME_BYTES]; /* the location's */
};
/* Set once. Misuses of containers are not told. */
RT_HIDDEN void rt_finding_set_listener(void (*listen)(const struct rt_found *found));

RT_HIDDEN bool rt_finding_init(void);
/* `context` is the access's; [address, address + bytes) all of it. */
RT_HIDDEN void rt_finding_race(struct rt_thread *self, rt_ctx_t context, uintptr_t address, size_t bytes,
	bool atomic, const struct rt_race *race);
/* How many were recorded by this process: all, and those that make it fail. */
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
