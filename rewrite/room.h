/* Which bytes of the reserved address space hold code: whole pages for clones, places of 5 bytes for jumps.
 *
 * Knows addresses only: what is mapped there is the arena's affair.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_ROOM_H
#define RACETRACK_REWRITE_ROOM_H

#include "bits.h"
#include "module.h"

enum { RT_JUMP_BYTES = 5 };

/* Places of one page. A bit is a byte. */
struct rt_room_page {
	uint64_t used[65];
	uint16_t from;  /* no 5 free bytes begin before it */
	uint16_t count; /* of places */
};

enum {
	RT_ROOM_CHUNK = 128,
	RT_ROOM_CHUNKS = 1 << 13
}; /* a chunk is more than rt_alloc keeps when it is freed */

struct rt_room_slot {
	uint32_t page, index; /* index: its number + 1; 0: the slot is free */
};

struct rt_room {
	uintptr_t base; /* of page 0 */
	uint32_t pages;
	struct rt_sparse_bits available; /* a bit for each page: reserved, and nothing there */
	uint64_t *taken;                 /* holds code */
	struct rt_sparse_bits open;      /* holds jumps, and has room for more; open is a subset of taken */
	struct rt_room_slot
		*slots;      /* page -> its number in `chunks`: few of very many pages, so by hashing */
	uint32_t slot_count; /* a power of two, more than twice page_count; 0: none yet */
	struct rt_room_page *chunks[RT_ROOM_CHUNKS];
	uint32_t page_count; /* in chunks */
};

/* `window` is less than 2^40 bytes, in whole pages. False: no memory. */
RT_HIDDEN bool rt_room_init(struct rt_room *room, struct rt_range window);
RT_HIDDEN void rt_room_fini(struct rt_room *room);
/* Of a reserved range in the window: may be handed out. */
RT_HIDDEN void rt_room_add(struct rt_room *room, struct rt_range range);

/* Whole pages in `within` (reserved), at its low or high end as far as they are free. 0: none. */
RT_HIDDEN uintptr_t rt_room_span(struct rt_room *room, struct rt_range within, size_t bytes, bool from_high);
/* Pages of a span that hold nothing after all. */
RT_HIDDEN void rt_room_span_back(struct rt_room *room, struct rt_range pages);

/* A place, see rt_arena_jump; never across the end of a page. */
RT_HIDDEN uintptr_t rt_room_jump(
	struct rt_room *room, uintptr_t low, uintptr_t high, uintptr_t step, uintptr_t remainder, bool fresh);
/* A place that was handed out is not needed after all. */
RT_HIDDEN void rt_room_jump_back(struct rt_room *room, uintptr_t place);

/* The first pages in a row of `within` that hold something. False: none. */
RT_HIDDEN bool rt_room_run(const struct rt_room *room, struct rt_range within, struct rt_range *run);

#endif
