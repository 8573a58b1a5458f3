/* From a place in a clone back to the original: which instruction it belongs to, and what has been borrowed there.
 *
 * Who may include it: rewrite/. Written by one thread; read by any, in signal handlers too. */
#ifndef RACETRACK_REWRITE_MAP_H
#define RACETRACK_REWRITE_MAP_H

#include "check.h"

/* Of one clone: pairs of distances, one entry for each place where something changes. */
struct rt_map {
	uint8_t *bytes;
	uint32_t count;
};

struct rt_map_writer {
	uint8_t *bytes;
	uint32_t count, room;
	uint32_t clone, offset; /* of the last entry */
	struct rt_borrowed borrowed;
	bool no_memory;
};

struct rt_place {
	uint32_t offset; /* of the instruction, from the text's start */
	struct rt_borrowed borrowed;
};

RT_HIDDEN void rt_map_begin(struct rt_map_writer *writer, uint32_t offset);
/* From the clone's byte `clone` on it is the instruction at `offset`, with so much borrowed. Ascending in `clone`. */
RT_HIDDEN void rt_map_add(
	struct rt_map_writer *writer, uint32_t clone, uint32_t offset, struct rt_borrowed borrowed);
/* A copy that lasts. False: no memory. */
RT_HIDDEN bool rt_map_end(struct rt_map_writer *writer, struct rt_map *map);
RT_HIDDEN void rt_map_writer_fini(struct rt_map_writer *writer);

/* What stands at the clone's byte; `first`: the function's first instruction. */
RT_HIDDEN struct rt_place rt_map_find(const struct rt_map *map, uint32_t first, uint32_t clone);

/* The entries one after the other; `at` begins with 0 and the function's first instruction. False: that was the last. */
struct rt_map_at {
	uint32_t next;
	uint32_t clone; /* from this byte on */
	struct rt_place place;
};
RT_HIDDEN bool rt_map_next(const struct rt_map *map, struct rt_map_at *at);

#endif
