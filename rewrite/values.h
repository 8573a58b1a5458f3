/* Which registers and slots of the frame hold the same, or so much more, as code runs on straight ahead: enough to say that an address
 * handed to a function is the one that is accessed next.
 *
 * A value is a name and what is added to it. Two of the same name differ by what is added; of others nothing is known. So nothing
 * is said to be equal that is not, but for a slot that is changed by way of its address.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_VALUES_H
#define RACETRACK_REWRITE_VALUES_H

#include "body.h"

struct rt_value {
	uint32_t name;
	int64_t more;
};

/* Names that stand for something. */
enum {
	RT_VALUE_CONSTANT, /* `more` itself is it; of places in the module the address */
	RT_VALUE_SP,       /* where the stack pointer was when control came here */
	RT_VALUE_BP,       /* rbp, where it is the frame's */
	RT_VALUE_FIRST
};

enum { RT_VALUES_SLOTS = 32, RT_VALUES_MADE = 64 };

struct rt_values {
	const struct rt_body *body;
	uint32_t next; /* name that was not given yet */
	struct rt_value regs[RT_REGISTERS];
	struct rt_value_slot {
		struct rt_value place, holds;
		uint8_t bytes;
	} slots[RT_VALUES_SLOTS];
	unsigned slot_count, slot_next;
	struct rt_value_made { /* what was computed, and its name */
		struct rt_value one, other;
		uint32_t how, name;
	} made[RT_VALUES_MADE];
	unsigned made_count, made_next;
};

/* Calls `see` for each instruction, as they lie; it goes on behind it by rt_values_step. `joins`: control may come there otherwise than
 * from the one before, and nothing is known any more. Returns of calls are no such places. */
RT_HIDDEN void rt_values_walk(struct rt_values *values, struct rt_body *body,
	void (*see)(void *data, uint32_t i, bool joins), void *data);
/* The address of an access before the instruction. */
RT_HIDDEN struct rt_value rt_values_address(struct rt_values *values, const struct rt_memory *memory);
/* Goes on behind the instruction. */
RT_HIDDEN void rt_values_step(struct rt_values *values, const struct rt_insn *insn);

/* In the frame of the function that runs. */
static inline bool rt_value_is_frame(const struct rt_body *body, struct rt_value value)
{
	return value.name == RT_VALUE_SP || (value.name == RT_VALUE_BP && body->has_rbp_frame);
}

#endif
