#include "ordered.h"

#include "slice.h"

enum {
	ORDERS = 3, /* relaxed or whatever it is, acquire or release, sequential */
	LEAST = 3,
	MOST = 6, /* instructions of a block */
	JUMPS_MOST = 4
};

/* What is done for one of the orders: moves, one after the other, and on to where all meet. */
struct block {
	uint32_t first, count, then;
	uint32_t exchange; /* which of them is one; RT_NO_INSN: none */
};

static uint32_t goes_on(const struct rt_body *body, uint32_t to)
{
	for (unsigned n = 0; n < JUMPS_MOST && to != RT_NO_INSN && body->insns[to].flow == RT_FLOW_JUMP; n++)
		to = body->targets[to];
	return to;
}

static bool is_move(const struct rt_insn *insn)
{
	const struct rt_memory *memory = &insn->memory[0];
	return insn->flow == RT_FLOW_NEXT && insn->memories == 1 && memory->form == RT_FORM_PLAIN &&
	       memory->index == RT_REG_NONE && !memory->segment && memory->bytes <= sizeof(uint64_t) &&
	       !(insn->sets & RT_FLAGS_ALL) && (insn->is_locked || memory->read != memory->write);
}

static bool find_block(const struct rt_body *body, uint32_t first, struct block *block)
{
	uint32_t i = first;
	*block = (struct block){.first = first, .exchange = RT_NO_INSN};
	do {
		if (block->count == MOST || !is_move(&body->insns[i]))
			return false;
		if (body->insns[i].is_locked)
			block->exchange = block->count;
		block->count++;
		i = body->next[i];
	} while (
		i != RT_NO_INSN && !(body->marks[i] & RT_MARK_LEADER) && body->insns[i].flow != RT_FLOW_JUMP);
	block->then = goes_on(body, i);
	return block->count >= LEAST && block->then != RT_NO_INSN;
}

/* But for the registers that are used on the way. */
static bool is_like(const struct rt_body *body, const struct block *one, const struct block *other)
{
	if (one->count != other->count || one->then != other->then)
		return false;
	for (uint32_t i = 0; i < one->count; i++) {
		const struct rt_memory *here = &body->insns[one->first + i].memory[0];
		const struct rt_memory *there = &body->insns[other->first + i].memory[0];
		if (here->displacement != there->displacement || here->bytes != there->bytes ||
			here->write != there->write ||
			rt_slice_is_frame(body, here) != rt_slice_is_frame(body, there))
			return false;
	}
	return true;
}

/* Where there is an exchange it is a store, else the first move that loads what is not in the frame. RT_NO_INSN: neither. */
static uint32_t find_atomic(const struct rt_body *body, const struct block blocks[ORDERS])
{
	uint32_t exchange = RT_NO_INSN;
	for (unsigned n = 0; n < ORDERS; n++) {
		if (blocks[n].exchange == RT_NO_INSN)
			continue;
		if (exchange != RT_NO_INSN)
			return RT_NO_INSN;
		exchange = blocks[n].exchange;
	}
	for (uint32_t i = 0; exchange == RT_NO_INSN && i < blocks->count; i++) {
		const struct rt_memory *memory = &body->insns[blocks->first + i].memory[0];
		if (!memory->write && !rt_slice_is_frame(body, memory))
			return i;
	}
	return exchange;
}

void rt_ordered_find(struct rt_body *body)
{
	struct block blocks[ORDERS], block;
	unsigned count = 0;
	for (uint32_t i = 0; body->has_rbp_frame && i < body->count; i++) {
		if (!(body->marks[i] & RT_MARK_LEADER) || !find_block(body, i, &block))
			continue;
		if (count && !is_like(body, &blocks[count - 1], &block))
			count = 0;
		blocks[count++] = block;
		if (count < ORDERS)
			continue;
		uint32_t atomic = find_atomic(body, blocks);
		for (unsigned n = 0; n < ORDERS && atomic != RT_NO_INSN; n++)
			if (blocks[n].exchange == RT_NO_INSN)
				body->marks[blocks[n].first + atomic] |= RT_MARK_WAITS;
		count = 0;
	}
}
