/* Accesses of some bytes among many, or of bytes that are not where the address says: string instructions that search, masked
 * vectors, gathers and scatters, bits by their numbers. The slow path works out which: what it takes for that besides the
 * program's general registers is stored before the call.
 *
 * Who may include it: rewrite/. Owner thread, outside the engine: it may read the program's memory, and a fault there is the
 * program's own. Overwrites no vector register. */
#ifndef RACETRACK_REWRITE_SPREAD_H
#define RACETRACK_REWRITE_SPREAD_H

#include "assemble.h"
#include "slow.h"

/* As in struct rt_memory. */
struct rt_spread_how {
	uint8_t spread, vector, mask, elements;
} __attribute__((packed));

/* Stores the vector and mask registers in rt_slots. */
RT_HIDDEN void rt_spread_keep(struct rt_assembler *code, const struct rt_memory *memory);

/* The bytes that are accessed, one piece after the other. */
struct rt_spread_walk {
	const struct rt_slow_frame *frame;
	const struct rt_spread_how *how;
	uint32_t what;
	unsigned element, count; /* the next, and how many there are */
};
/* `frame` is of an access, or of an atomic change, with its address in rt_slots. */
RT_HIDDEN void rt_spread_begin(struct rt_spread_walk *walk, const struct rt_slow_frame *frame);
/* False: that was all. */
RT_HIDDEN bool rt_spread_next(struct rt_spread_walk *walk, uintptr_t *address, size_t *bytes);

#endif
