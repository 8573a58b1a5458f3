/* Slots of a function's frame that can be taken for registers: all that touches one reads or writes the whole of it, and nothing
 * makes its address.
 *
 * Who may include it: lift.c. */
#ifndef RACETRACK_REWRITE_FRAME_SLOTS_H
#define RACETRACK_REWRITE_FRAME_SLOTS_H

#include "body.h"

enum { RT_FRAME_SLOTS_MOST = 160 };

struct rt_frame_slot {
	struct rt_memory place;
	uint32_t first, last; /* that touch it */
	uint32_t times, block;
	uint8_t reg;    /* the register that it becomes; 0: none */
	bool is_bad;    /* it is touched otherwise than as a whole */
	bool is_passed; /* it is written first, and read in the same block: what passes a value on */
};

struct rt_frame_slots {
	struct rt_frame_slot at[RT_FRAME_SLOTS_MOST];
	unsigned count;
	uint32_t touches; /* of all */
};

/* Finds them, and which register each becomes: what is touched most often, and what only passes a value on. False: there are too
 * many, or too few to be worth the while. */
RT_HIDDEN bool rt_frame_slots_find(struct rt_frame_slots *slots, const struct rt_body *body);
/* An instruction that touches one reads or writes the register. */
RT_HIDDEN void rt_frame_slots_lift(
	const struct rt_frame_slots *slots, const struct rt_body *body, struct rt_insn *insn);

#endif
