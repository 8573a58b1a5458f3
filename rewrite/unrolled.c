#include "unrolled.h"

#include "loop.h"
#include "slice.h"

enum { LOOK_MOST = 8 /* instructions */ };

/* It loads, or computes, and stores nothing. */
static bool may_be_in_look(const struct rt_insn *insn)
{
	return insn->flow == RT_FLOW_NEXT && !insn->is_locked && !(insn->memories && insn->memory[0].write) &&
	       insn->memories <= 1;
}

/* The branch that ends the look that begins with instruction i. RT_NO_INSN: there is none. */
static uint32_t end_of(const struct rt_body *body, uint32_t i)
{
	for (unsigned count = 0; count < LOOK_MOST && i != RT_NO_INSN; count++, i = body->next[i]) {
		if (body->insns[i].flow == RT_FLOW_BRANCH)
			return count ? i : RT_NO_INSN;
		if (!may_be_in_look(&body->insns[i]))
			break;
	}
	return RT_NO_INSN;
}

/* Relative to the program counter the same place is at another distance: four bytes at most. */
static bool is_same_code(const struct rt_body *body, const struct rt_insn *a, const struct rt_insn *b)
{
	const uint8_t *code = body->module->text.code;
	uint32_t at = 0, end = a->bytes;
	if (a->bytes != b->bytes)
		return false;
	while (at < end && code[a->offset + at] == code[b->offset + at])
		at++;
	while (end > at && code[a->offset + end - 1] == code[b->offset + end - 1])
		end--;
	return at == end || (end - at <= 4 && a->memories && b->memories && a->memory[0].base == RT_REG_PC &&
				    rt_slice_same_place(&a->memory[0], &b->memory[0]));
}

static bool is_same(const struct rt_body *body, uint32_t a, uint32_t b)
{
	const struct rt_insn *first = &body->insns[a], *second = &body->insns[b];
	if (first->flow == RT_FLOW_BRANCH)
		return second->flow == RT_FLOW_BRANCH && first->condition == second->condition &&
		       body->targets[a] == body->targets[b] && body->targets[a] != RT_NO_INSN;
	return is_same_code(body, first, second);
}

/* Of the look that the branch ends, and the one behind the pause: instruction for instruction, backwards. The second begins there. */
static bool repeats(const struct rt_body *body, uint32_t branch, uint32_t begin, uint32_t end)
{
	uint32_t first = branch;
	for (uint32_t second = end;; first--, second--) {
		bool follows = second == end ||
			       (body->next[first] == first + 1 && may_be_in_look(&body->insns[first]));
		if (!follows || !is_same(body, first, second))
			return false;
		if (second == begin)
			return true;
		if (!first)
			return false;
	}
}

static bool loads_same(const struct rt_body *body, uint32_t i, uint32_t begin, uint32_t end)
{
	const struct rt_insn *insns = body->insns;
	for (uint32_t at = begin; at < end; at++)
		if (insns[i].memories && insns[at].memories &&
			rt_slice_same_place(&insns[i].memory[0], &insns[at].memory[0]))
			return true;
	return false;
}

/* The looks, and what looks at the same in front of them: a compiler may have moved something else into the first. */
static void mark(struct rt_body *body, uint32_t first, uint32_t begin, uint32_t end)
{
	rt_regs_t addresses = 0;
	for (uint32_t i = first; i < end; i++) {
		if (!body->insns[i].memories)
			continue;
		body->marks[i] |= RT_MARK_WAITS;
		addresses |= rt_slice_address(&body->insns[i].memory[0]);
	}
	for (uint32_t i = first; i-- > 0;) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->flow != RT_FLOW_BRANCH && insn->flow != RT_FLOW_RETURN && !may_be_in_look(insn))
			break;
		if (loads_same(body, i, begin, end))
			body->marks[i] |= RT_MARK_WAITS;
		else if (insn->changes & addresses)
			break;
	}
}

void rt_unrolled_find(struct rt_body *body)
{
	for (uint32_t pause = 1; pause + 1 < body->count; pause++) {
		uint32_t branch = pause - 1, begin = body->next[pause];
		if (!rt_loop_pauses(body, pause) || body->insns[branch].flow != RT_FLOW_BRANCH ||
			body->next[branch] != pause || begin != pause + 1)
			continue;
		uint32_t end = end_of(body, begin);
		if (end == RT_NO_INSN || end - begin > branch || !repeats(body, branch, begin, end))
			continue;
		mark(body, branch - (end - begin), begin, end);
	}
}
