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
};

RT_HIDDEN bool rt_memory_init(bool directory_only);
RT_HIDDEN void rt_memory_locate(uintptr_t address, struct rt_memory_location *location);

/* Ranges with a name, or mapped by the program (range.c). */
RT_HIDDEN bool rt_ranges_init(void);
RT_HIDDEN bool rt_ranges_find(uintptr_t address, struct rt_memory_location *location);
RT_HIDDEN void rt_ranges_forget(uintptr_t address, size_t bytes);
/* A pooled object got an owner; was put back by one. */
RT_HIDDEN void rt_range_pooled(uintptr_t low, size_t bytes, rt_ctx_t context, uint32_t thread);
RT_HIDDEN void rt_range_put(uintptr_t low, rt_ctx_t context, uint32_t thread);
/* The address lies in a pooled object that is owned, and its last owner was another thread: who put it, and where. */
RT_HIDDEN bool rt_range_put_by(uintptr_t address, rt_ctx_t *context, uint32_t *thread);

#endif
