/* What lives where: heap blocks, mappings and named ranges, for the location line of a report.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_MEMORY_H
#define RACETRACK_SHADOW_MEMORY_H

#include "engine.h"

struct rt_memory_location {
	enum rt_location kind;
	uintptr_t address;
	size_t bytes;
	const char *name;
	uint32_t thread, freed_thread;
	rt_ctx_t context, freed_context;
	uint32_t module; /* of thread-local storage: whose variable it is, 0: nobody's */
	uint64_t offset; /* in that module's storage */
};

RT_HIDDEN bool rt_memory_init(bool directory_only);
RT_HIDDEN void rt_memory_locate(uintptr_t address, struct rt_memory_location *location);
/* Fills it in where a heap block is there, or was; else leaves it. Asks nothing but the table of blocks. */
RT_HIDDEN bool rt_memory_locate_block(uintptr_t address, struct rt_memory_location *location);

/* ---- ranges (range.c) ---- */

/* Fills in a name, and the rest where nothing is known of the location yet. Findings' lock held. */
RT_HIDDEN void rt_ranges_find(uintptr_t address, struct rt_memory_location *location);
/* The addresses mean something else now: all of it, or only the names given to them. */
RT_HIDDEN void rt_ranges_forget(uintptr_t address, size_t bytes);
RT_HIDDEN void rt_names_forget(uintptr_t address, size_t bytes);
/* A heap block that is too large to be found by looking back from an address in it; and its start, 0: none. */
RT_HIDDEN void rt_range_block(uintptr_t low, size_t bytes);
RT_HIDDEN uintptr_t rt_range_block_at(uintptr_t address);
/* A pooled object got an owner; was put back by one. */
RT_HIDDEN void rt_range_pooled(uintptr_t low, size_t bytes, rt_ctx_t context, uint32_t thread);
RT_HIDDEN void rt_range_put(uintptr_t low, rt_ctx_t context, uint32_t thread);
/* The address lies in a pooled object that is owned, and its last owner was another thread: who put it, and where. */
RT_HIDDEN bool rt_range_put_by(uintptr_t address, rt_ctx_t *context, uint32_t *thread);

#endif
