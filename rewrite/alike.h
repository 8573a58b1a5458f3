/* Loads and stores near each other that may be of the same word: of a static variable, or of a field of the same kind of object.
 * Which object it is shows as the code runs.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_ALIKE_H
#define RACETRACK_REWRITE_ALIKE_H

#include "body.h"

enum {
	RT_ALIKE_FAR = 128, /* instructions between the two */
	RT_ALIKE_PLACES = 4,
	RT_ALIKE_HEADS = 64
};

/* How an instruction reaches a word. */
struct rt_alike_place {
	int64_t displacement;
	uint16_t bytes;
	uint8_t base; /* the register; of what a word may be reached by: the only one, or RT_REG_NONE */
	bool is_static;
	uint32_t at;     /* the instruction */
	uint32_t before; /* in rt_alike_loads: the load before it whose displacement hashes alike */
};

/* What a word may be reached by. */
struct rt_alike {
	struct rt_alike_place places[RT_ALIKE_PLACES];
	unsigned count;
};

/* The loads around a store. Blocks that are seldom run lie behind the others, or before. Load n is near[n % their number];
 * it is there still if first < n <= last. */
struct rt_alike_loads {
	struct rt_alike_place near[2 * RT_ALIKE_FAR];
	uint32_t heads[RT_ALIKE_HEADS]; /* the last load whose displacement hashes so */
	uint32_t first, last;
	uint32_t next; /* the instruction that is to be looked at */
};

/* A load or a store, or both, of a word that is none of the function's own. */
RT_HIDDEN bool rt_alike_is_word(const struct rt_body *body, const struct rt_insn *insn);
static inline bool rt_alike_is_load(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	return insn->memories == 1 && !insn->memory[0].write && rt_alike_is_word(body, insn);
}
static inline bool rt_alike_is_store(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	return insn->memories == 1 && insn->memory[0].write && !insn->memory[0].read &&
	       rt_alike_is_word(body, insn);
}

/* The instruction's, and all that a store's word may be reached by. */
RT_HIDDEN struct rt_alike_place rt_alike_place(const struct rt_body *body, uint32_t i);
RT_HIDDEN void rt_alike_begin(struct rt_alike *alike, const struct rt_body *body, uint32_t store);
/* Both are reached alike. */
RT_HIDDEN bool rt_alike_is_same(const struct rt_alike_place *one, const struct rt_alike_place *other);
/* It may be of the same word. */
RT_HIDDEN bool rt_alike_has(const struct rt_alike *alike, const struct rt_alike_place *place);

/* lea of a place, or of so much more than a register's value. */
RT_HIDDEN bool rt_alike_lea(const struct rt_insn *insn, int64_t *displacement);

RT_HIDDEN void rt_alike_loads_begin(struct rt_alike_loads *loads);
/* Those around the next store. */
RT_HIDDEN void rt_alike_loads_move(struct rt_alike_loads *loads, const struct rt_body *body, uint32_t store);

/* Where a walk over the loads that may be of the word is. {0}: at its beginning. */
struct rt_alike_walk {
	unsigned
		place; /* so many of the word's were looked for, from the last on: that of the operand itself says least */
	uint32_t behind; /* the load to look at next, if it is there still */
};
/* The next one; NULL: no more. */
RT_HIDDEN const struct rt_alike_place *rt_alike_next(
	const struct rt_alike_loads *loads, const struct rt_alike *alike, struct rt_alike_walk *walk);

#endif
