/* A way that control may take through a function: what registers, flags, and slots of the function's own frame are made of on it.
 * Code without optimisation keeps everything in such slots.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_WAY_H
#define RACETRACK_REWRITE_WAY_H

#include "slice.h"

enum {
	RT_WAY_SLOTS = 16,
	RT_WAY_LOADS = 32,
	RT_WAY_FACTS = 16,
	RT_WAY_NAMES = RT_REGISTERS + RT_WAY_SLOTS, /* of what was there at the beginning */
};

/* What something depends on: nothing at all, if all of it is 0. */
struct rt_made {
	uint32_t entry; /* registers, and from bit 16 on slots, as they were at the beginning */
	uint32_t loads; /* a bit for each of the way's */
	uint16_t rest; /* registers that were so, of which it has the bits that narrower instructions leave */
	bool unknown;  /* something else */
};

struct rt_value {
	struct rt_made made;
	int64_t constant;
	uint64_t bits; /* that may be set */
	bool is_constant;
	uint8_t over; /* only lower bits were changed of what this register had at the beginning; RT_REG_NONE */
	uint16_t name; /* equal values; below RT_WAY_NAMES: exactly what was there at the beginning */
};

/* A slot's value is kept as that of a register. A slot that others may reach, and that nothing on the way round writes, is memory
 * like any other. */
struct rt_way_slot {
	struct rt_memory memory;
	struct rt_value value;
	bool is_shared;
};

struct rt_way_load {
	uint32_t insn;
	struct rt_made address;
};

/* How one operand stands to another: a bit for each that may be. Less and greater with signs, and without. */
enum {
	RT_EQUAL = 1,
	RT_LESS_BELOW = 2,
	RT_LESS_ABOVE = 4,
	RT_GREATER_BELOW = 8,
	RT_GREATER_ABOVE = 16,
	RT_ANY_RELATION = 31,
};

struct rt_fact {
	struct rt_value one, other;
	uint8_t bytes, relations;
};

struct rt_way_flags {
	struct rt_made made;
	struct rt_fact fact; /* where they were set by a comparison; bytes 0: they were not */
	bool is_exact;       /* by one of what was there at the beginning, with constants of the code */
};

struct rt_way {
	struct rt_body *body;
	struct rt_value regs[RT_REGISTERS];
	struct rt_way_flags flags;
	struct rt_way_slot slots[RT_WAY_SLOTS];
	unsigned slot_count;
	struct rt_way_load loads[RT_WAY_LOADS];
	unsigned load_count;
	struct rt_fact facts[RT_WAY_FACTS]; /* that branches told */
	unsigned fact_count;
	uint16_t names;
	bool is_lost; /* it did something that is not understood, or that is not undone */
};

/* Begins anew, with registers and slots that are what they are. pre: what goes round is marked RT_MARK_AROUND. */
RT_HIDDEN void rt_way_begin(struct rt_way *way, struct rt_body *body);
/* On from where it came to, once more: registers and slots stay, loads and facts are others. */
RT_HIDDEN void rt_way_again(struct rt_way *way);
/* One instruction that is no branch, or is. */
RT_HIDDEN void rt_way_step(struct rt_way *way, uint32_t i);
/* The branch may be taken, or not: bits 1 and 0. */
RT_HIDDEN unsigned rt_way_choices(const struct rt_way *way, const struct rt_insn *branch);
/* It was. */
RT_HIDDEN void rt_way_choose(struct rt_way *way, const struct rt_insn *branch, bool taken);

/* Registers, of those in `live`, and slots: going the same way again and again they come to stay as they are, as long as what it
 * loads stays. False: one does not. */
RT_HIDDEN bool rt_way_is_round(const struct rt_way *way, rt_regs_t live);
/* A bit for each load of the way: its address is made of what is exactly as at the beginning, as is all else that is not loaded. */
RT_HIDDEN uint32_t rt_way_exact_loads(const struct rt_way *way, rt_regs_t live);

#endif
