/* What a branch of a loop depends on, followed backwards in the loop: registers, flags, and the slots of the stack frame in
 * which code without optimisation keeps everything.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_SLICE_H
#define RACETRACK_REWRITE_SLICE_H

#include "body.h"

enum { RT_SLICE_SLOTS = 8, RT_SLICE_LOADS = 16 };

struct rt_slice {
	const struct rt_body *body;
	uint32_t first, last; /* the loop */
	rt_regs_t needed;
	struct rt_memory slots[RT_SLICE_SLOTS]; /* needed, too */
	unsigned slot_count;
	uint32_t loads[RT_SLICE_LOADS]; /* what comes from memory that is none of the function's own slots */
	unsigned load_count;
	unsigned constants; /* that something of it is made of */
};

static inline bool rt_slice_is_frame(const struct rt_body *body, const struct rt_memory *memory)
{
	return memory->base == RT_RSP || (memory->base == RT_RBP && body->has_rbp_frame);
}

/* Nobody but the thread stores there: slots of its frame, its thread-local variables. */
static inline bool rt_slice_is_own(const struct rt_body *body, const struct rt_memory *memory)
{
	return memory->segment == RT_SEGMENT_FS || rt_slice_is_frame(body, memory);
}

/* What an instruction may change: of a call, what functions may change. */
RT_HIDDEN rt_regs_t rt_slice_changes(const struct rt_insn *insn);

static inline rt_regs_t rt_slice_address(const struct rt_memory *memory)
{
	return (memory->base < RT_VALUES ? 1u << memory->base : 0) |
	       (memory->index < RT_VALUES ? 1u << memory->index : 0);
}

/* The general registers that an instruction with one memory reads besides those of its address: of a store, what it stores. */
static inline rt_regs_t rt_slice_value(const struct rt_insn *insn)
{
	return insn->uses & RT_VALUES_ALL & ~rt_slice_address(&insn->memory[0]) & ~(1u << RT_RSP);
}

/* The value of one register goes into another. */
RT_HIDDEN bool rt_slice_is_copy(const struct rt_body *body, const struct rt_insn *insn);

/* Nobody ever stores there. */
static inline bool rt_slice_is_constant(const struct rt_body *body, const struct rt_memory *memory)
{
	return memory->base == RT_REG_PC && !memory->segment &&
	       rt_module_is_constant(body->module, memory->displacement, memory->bytes);
}

static inline bool rt_slice_overlaps(const struct rt_memory *one, const struct rt_memory *other)
{
	return one->displacement < other->displacement + other->bytes &&
	       other->displacement < one->displacement + one->bytes;
}

static inline bool rt_slice_same_place(const struct rt_memory *one, const struct rt_memory *other)
{
	return one->displacement == other->displacement && one->bytes == other->bytes &&
	       one->base == other->base && one->index == other->index && one->scale == other->scale &&
	       one->segment == other->segment;
}

/* Begins with the flags that the branch looks at. */
RT_HIDDEN void rt_slice_begin(
	struct rt_slice *slice, const struct rt_body *body, uint32_t branch, uint32_t first, uint32_t last);

/* One instruction further back. `addresses`: what the address of a load depends on is needed, too. False: it is not
 * understood. */
RT_HIDDEN bool rt_slice_follow(struct rt_slice *slice, uint32_t i, bool addresses);

#endif
