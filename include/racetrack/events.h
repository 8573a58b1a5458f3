/* What slice and map operations tell the detector: the arguments of racetrack_api.slice_event and .map_event.
 *
 * For containers/ alone: its library half fills these, its tracker half in the detector reads them. Programs have no use
 * for them. An event is told after the operation took effect, before the array that it left loses a reference, and in
 * the thread that did it. Pointers are good during the call. Sizes are in bytes where the name says so.
 *
 * The layout is part of RACETRACK_API_VERSION.
 */
#ifndef RACETRACK_EVENTS_H
#define RACETRACK_EVENTS_H

#include "map.h"
#include "slice.h"

enum racetrack_slice_operation {
	RACETRACK_SLICE_MAKE, /* `header` got a new array: `after` */
	RACETRACK_SLICE_APPEND, /* count elements from `memory`; before.owner != after.owner: it moved to a new array */
	RACETRACK_SLICE_CUT,   /* `other` = header[...], contents `after`; header == other: cut into itself */
	RACETRACK_SLICE_SHARE, /* `other` = header, with a reference of its own */
	RACETRACK_SLICE_GET,   /* element `index`, copied to `memory` */
	RACETRACK_SLICE_SET,   /* element `index`, copied from `memory` */
	RACETRACK_SLICE_REF,   /* the address of element `index` was taken */
	RACETRACK_SLICE_COPY,  /* count elements of `header` over those of `other`, contents `after` */
	RACETRACK_SLICE_SIZE,  /* len or cap was read */
	RACETRACK_SLICE_DROP,  /* the header ends */
	RACETRACK_SLICE_BOUNDS, /* refused: `index` is not within `count` */
	RACETRACK_SLICE_LAST, /* before.owner lost its last reference; index: 1 = by a drop, 0 = by a growth */
	RACETRACK_SLICE_GONE  /* before.owner's memory is about to be freed */
};

struct racetrack_slice_event {
	unsigned operation;
	const struct rt_slice *header; /* the variable */
	const struct rt_slice *other;  /* the second variable, if any */
	struct rt_slice before;        /* header's contents before the operation */
	struct rt_slice after; /* contents that were written, see the operations; of `other` for COPY */
	size_t index;
	size_t count;
	const void *memory; /* the caller's memory that elements were copied from or to, if any */
};

enum racetrack_map_operation {
	RACETRACK_MAP_PUT,     /* `change`: a new key */
	RACETRACK_MAP_GET,     /* slot NULL: no such key; memory NULL: only looked */
	RACETRACK_MAP_REF,     /* the address of a value was taken */
	RACETRACK_MAP_DELETE,  /* `change`: it was there */
	RACETRACK_MAP_CLEAR,   /* `change`: it was not empty */
	RACETRACK_MAP_SIZE,    /* len was read */
	RACETRACK_MAP_ITERATE, /* an iteration starts */
	RACETRACK_MAP_NEXT,    /* a step; slot NULL: the end */
	RACETRACK_MAP_FINI,    /* the map ends */
	RACETRACK_MAP_GROW,    /* values moved from old_table to table; the old one is kept for a while */
	RACETRACK_MAP_GONE     /* old_table is about to be freed; map may be NULL */
};

struct racetrack_map_event {
	unsigned operation;
	int change; /* entries appeared or went */
	const struct rt_map *map;
	const struct rt_map_iterator *iterator; /* ITERATE, NEXT, and a delete through an iterator */
	const void *key;                        /* the caller's bytes, NULL for integers */
	size_t key_bytes;
	const void *slot; /* the value in the table, if any */
	size_t value_bytes;
	const void *memory; /* the caller's memory that the value was copied from or to, if any */
	const void *old_table;
	size_t old_table_bytes;
	const void *table; /* GROW */
	size_t table_bytes;
};

#endif
