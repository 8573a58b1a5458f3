#include "validated.h"

#include "alike.h"
#include "back.h"
#include "loop.h"
#include "slice.h"
#include "soon.h"

enum {
	FAR = 64 /* instructions, from the comparison back to the first of the two loads */
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

/* Instructions backwards from a branch, and where on that way the two loads are that it compares. */
struct way {
	uint32_t at[FAR];
	unsigned first, second;
	bool turns; /* control does not go on from one of them to the next */
};

/* The instruction before. RT_NO_INSN: there is none. */
typedef uint32_t step_back(const struct rt_body *body, uint32_t i);

/* As the code lies: what waits for a writer to be done may stand there, too. The other way is as control takes it: rt_back_from. */
static uint32_t lies_before(const struct rt_body *body, uint32_t i)
{
	(void)body;
	return i ? i - 1 : (uint32_t)RT_NO_INSN;
}

/* Nothing from the first to the second changes the place's address, or stores to it. */
static bool stays(const struct rt_body *body, const struct way *way)
{
	const struct rt_memory *place = &body->insns[way->at[way->second]].memory[0];
	for (unsigned at = way->first; at > way->second; at--) {
		const struct rt_insn *insn = &body->insns[way->at[at]];
		if (insn->changes & rt_slice_address(place) & ~(1u << RT_RSP))
			return false;
		for (unsigned n = 0; n < insn->memories; n++)
			if (insn->memory[n].write && rt_slice_same_place(&insn->memory[n], place))
				return false;
	}
	return true;
}

/* There may be more to be found of what the branch compares. */
static bool is_open(const struct rt_slice *slice)
{
	return slice->slot_count || slice->needed & ~(1u << RT_RSP);
}

/* The branch compares what two loads of one place found, with neither a call nor an atomic change in between. */
static bool find_pair(const struct rt_body *body, uint32_t branch, struct way *way, step_back *back)
{
	struct rt_slice slice;
	rt_slice_begin(&slice, body, branch, 0, body->count - 1);
	way->turns = false;
	for (unsigned at = 0, i = branch; at < FAR && slice.load_count < 2; at++) {
		i = way->at[at] = back(body, i);
		if (i == RT_NO_INSN)
			return false;
		const struct rt_insn *insn = &body->insns[i];
		bool passes = insn->flow == RT_FLOW_NEXT || insn->flow == RT_FLOW_BRANCH ||
			      insn->flow == RT_FLOW_JUMP;
		unsigned loads = slice.load_count;
		way->turns |= insn->flow != RT_FLOW_NEXT && insn->flow != RT_FLOW_BRANCH;
		if (!passes || insn->is_locked || !rt_slice_follow(&slice, i, false))
			return false;
		if (slice.load_count != loads)
			*(loads ? &way->first : &way->second) = at;
		if (slice.load_count < 2 && !is_open(&slice))
			return false;
	}
	if (slice.load_count != 2 || slice.slot_count || rt_regs_values(slice.needed))
		return false;
	return rt_slice_same_place(
		       &body->insns[slice.loads[1]].memory[0], &body->insns[slice.loads[0]].memory[0]) &&
	       stays(body, way);
}

/* Where they differ control goes back to the first: what waits for news goes back where they do not. */
static bool retries(struct rt_body *body, uint32_t branch, uint32_t first)
{
	bool is_equal = body->insns[branch].condition == RT_CONDITION_EQUAL;
	uint32_t same = is_equal ? body->targets[branch] : body->next[branch];
	uint32_t other = is_equal ? body->next[branch] : body->targets[branch];
	return repeats(body, other, first) && !goes_back(body, same, first);
}

static bool find(struct rt_body *body, uint32_t branch, struct way *way, step_back *back)
{
	return find_pair(body, branch, way, back) && retries(body, branch, way->at[way->first]);
}

/* A part of the object, also one that is too large for an atomic load: then its races are some, and yet the version is one. */
static bool copies(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	const struct rt_memory *memory = &insn->memory[0];
	return insn->memories == 1 && insn->flow == RT_FLOW_NEXT && !memory->write && !memory->segment &&
	       !rt_slice_is_frame(body, memory);
}

void rt_validated_find(struct rt_body *body)
{
	for (uint32_t branch = 0; branch < body->count; branch++) {
		struct way way;
		bool some = false;
		if (body->insns[branch].flow != RT_FLOW_BRANCH ||
			(body->insns[branch].condition & ~1) != RT_CONDITION_EQUAL ||
			(!find(body, branch, &way, lies_before) &&
				!(way.turns && find(body, branch, &way, rt_back_from))))
			continue;
		for (unsigned at = way.second + 1; at < way.first; at++)
			some |= copies(body, way.at[at]);
		for (unsigned at = way.second; some && at <= way.first; at++)
			if (rt_alike_is_load(body, way.at[at]))
				body->marks[way.at[at]] |= RT_MARK_WAITS;
	}
}
