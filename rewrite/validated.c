#include "validated.h"

#include "alike.h"
#include "loop.h"
#include "slice.h"
#include "soon.h"

enum {
	FAR = 64,           /* instructions, from the comparison back to the first of the two loads */
	CONDITION_EQUAL = 4 /* the condition code of je; of jne it is one more */
};

/* It leads to the next object, as in a list that is gone through. What is loaded from elsewhere begins anew. */
static bool leads_on(const struct rt_insn *insn, rt_regs_t address)
{
	return rt_slice_changes(insn) & address && (!insn->memories || insn->uses & address);
}

/* No other work is done, and the object is left as it is: what waits for a writer to be done may come by. */
static bool tries_again(const struct rt_body *body, uint32_t i, const void *place)
{
	const struct rt_insn *insn = &body->insns[i];
	bool is_call = insn->flow == RT_FLOW_CALL;
	bool goes_on = is_call ? rt_loop_yields(body, i)
			       : insn->flow == RT_FLOW_NEXT || insn->flow == RT_FLOW_BRANCH ||
					 insn->flow == RT_FLOW_JUMP;
	for (unsigned n = 0; n < insn->memories; n++)
		if (insn->memory[n].write && rt_slice_address(&insn->memory[n]) & rt_slice_address(place))
			return false;
	return goes_on && !insn->is_locked && !leads_on(insn, rt_slice_address(place));
}

/* Control comes from there to `first` or to before it, at once or by a jump. */
static bool goes_back(const struct rt_body *body, uint32_t at, uint32_t first)
{
	if (at != RT_NO_INSN && body->insns[at].flow == RT_FLOW_JUMP)
		at = body->targets[at];
	return at != RT_NO_INSN && at <= first;
}

/* To `first` again, to look at the same object. */
static bool repeats(struct rt_body *body, uint32_t at, uint32_t first)
{
	const struct rt_memory *place = &body->insns[first].memory[0];
	return at == first || (goes_back(body, at, first) && tries_again(body, at, place) &&
				      rt_soon_comes(body, at, first, RT_SOON, tries_again, place));
}

/* Nothing from `first` to `second` changes the place's address, or stores to it. */
static bool stays(const struct rt_body *body, uint32_t first, uint32_t second)
{
	const struct rt_memory *place = &body->insns[second].memory[0];
	for (uint32_t i = first; i < second; i++) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->changes & rt_slice_address(place) & ~(1u << RT_RSP))
			return false;
		for (unsigned n = 0; n < insn->memories; n++)
			if (insn->memory[n].write && rt_slice_same_place(&insn->memory[n], place))
				return false;
	}
	return true;
}

/* The branch compares what two loads of one place found, with neither a call nor an atomic change in between. As the code lies:
 * what waits for a writer to be done may stand there, too. */
static bool find_pair(struct rt_body *body, uint32_t branch, uint32_t pair[2])
{
	struct rt_slice slice;
	rt_slice_begin(&slice, body, branch, 0, body->count - 1);
	for (uint32_t i = branch, far = 0; i-- > 0 && far < FAR && slice.load_count < 2; far++) {
		const struct rt_insn *insn = &body->insns[i];
		bool passes = insn->flow == RT_FLOW_NEXT || insn->flow == RT_FLOW_BRANCH ||
			      insn->flow == RT_FLOW_JUMP;
		if (!passes || insn->is_locked || !rt_slice_follow(&slice, i, false))
			return false;
	}
	if (slice.load_count != 2 || slice.slot_count || slice.needed & RT_VALUES_ALL & ~(1u << RT_RSP))
		return false;
	pair[0] = slice.loads[1];
	pair[1] = slice.loads[0];
	return rt_slice_same_place(&body->insns[pair[0]].memory[0], &body->insns[pair[1]].memory[0]) &&
	       stays(body, pair[0], pair[1]);
}

/* Where they differ control goes back to the first: what waits for news goes back where they do not. */
static bool retries(struct rt_body *body, uint32_t branch, const uint32_t pair[2])
{
	bool is_equal = body->insns[branch].condition == CONDITION_EQUAL;
	uint32_t same = is_equal ? body->targets[branch] : body->next[branch];
	uint32_t other = is_equal ? body->next[branch] : body->targets[branch];
	return (body->insns[branch].condition & ~1) == CONDITION_EQUAL && repeats(body, other, pair[0]) &&
	       !goes_back(body, same, pair[0]);
}

void rt_validated_find(struct rt_body *body)
{
	for (uint32_t branch = 0; branch < body->count; branch++) {
		uint32_t pair[2];
		bool some = false;
		if (body->insns[branch].flow != RT_FLOW_BRANCH || !find_pair(body, branch, pair) ||
			!retries(body, branch, pair))
			continue;
		for (uint32_t i = pair[0] + 1; i < pair[1]; i++)
			some |= rt_alike_is_load(body, i);
		for (uint32_t i = pair[0]; some && i <= pair[1]; i++)
			if (rt_alike_is_load(body, i))
				body->marks[i] |= RT_MARK_WAITS;
	}
}
