#include "hazard.h"

#include "alike.h"
#include "copies.h"
#include "meaning.h"
#include "slice.h"
#include "soon.h"

enum {
	NEAR = 24, /* instructions from the store to the comparison, and back to the first look */
	NEAR_BRANCH = 8
};

/* On from a store. */
struct way {
	const struct rt_body *body;
	uint32_t store, at, again; /* the second look, behind the fence; RT_NO_INSN: not yet */
	rt_regs_t value, seen;     /* registers that have what was stored, and what was found then */
	rt_regs_t copies;          /* that had it before */
	bool is_fenced;
};

static bool is_fence(const struct rt_body *body, const struct rt_insn *insn)
{
	static const uint8_t mfence[] = {0x0f, 0xae, 0xf0};
	return insn->is_locked ||
	       (insn->bytes == sizeof(mfence) &&
		       rt_bytes_equal(body->module->text.code + insn->offset, mfence, sizeof(mfence)));
}

/* It compares what was stored with what is found there now, in one register or the other, or in memory. */
static bool compares(struct way *way, const struct rt_insn *insn)
{
	rt_regs_t read = rt_regs_values(insn->uses);
	if (!(read & way->value) || rt_meaning_of(way->body, insn).operation != RT_DO_COMPARE)
		return false;
	if (!insn->memories)
		return read & way->seen;
	if (!rt_alike_is_load(way->body, way->at) || !(rt_slice_value(insn) & way->value))
		return false;
	way->again = way->at;
	return true;
}

static void keep(struct way *way, const struct rt_insn *insn)
{
	way->value = rt_copies_behind(way->body, way->at, way->value);
	way->seen = rt_copies_behind(way->body, way->at, way->seen);
	if (way->is_fenced && rt_alike_is_load(way->body, way->at) && rt_regs_are_one(insn->changes)) {
		way->again = way->at;
		way->seen = insn->changes;
	}
	way->is_fenced |= is_fence(way->body, insn);
}

/* From the store, through the fence, to the comparison: straight ahead, by way of what leaves the stored value in a register. */
static bool find_comparison(struct way *way)
{
	const struct rt_body *body = way->body;
	for (unsigned near = 0; near < NEAR && way->value; near++) {
		uint32_t i = way->at;
		way->at = body->insns[i].flow == RT_FLOW_JUMP ? body->targets[i] : body->next[i];
		if (way->at == RT_NO_INSN)
			return false;
		if (way->is_fenced && compares(way, &body->insns[way->at]))
			return true;
		keep(way, &body->insns[way->at]);
	}
	return false;
}

/* The branch that asks how the comparison went; RT_NO_INSN: another one does, or none. */
static uint32_t find_branch(const struct rt_body *body, uint32_t comparison)
{
	uint32_t i = body->next[comparison];
	for (unsigned near = 0; near < NEAR_BRANCH && i != RT_NO_INSN; near++, i = body->next[i]) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->flow == RT_FLOW_BRANCH && (insn->condition & ~1) == RT_CONDITION_EQUAL)
			return i;
		if (insn->flow != RT_FLOW_NEXT || insn->sets & RT_FLAGS_ALL)
			break;
	}
	return RT_NO_INSN;
}

/* Nothing else is done meanwhile. */
static bool tries_again(const struct rt_body *body, uint32_t i, const void *unused)
{
	const struct rt_insn *insn = &body->insns[i];
	(void)unused;
	return !insn->is_locked && insn->flow != RT_FLOW_CALL &&
	       !(insn->memories && insn->memory[0].write && !rt_slice_is_frame(body, &insn->memory[0]));
}

/* Where the two differ control comes to the store once more. */
static bool is_done_anew(struct rt_body *body, const struct way *way)
{
	uint32_t branch = find_branch(body, way->at);
	if (branch == RT_NO_INSN)
		return false;
	bool is_equal = body->insns[branch].condition == RT_CONDITION_EQUAL;
	uint32_t other = is_equal ? body->next[branch] : body->targets[branch];
	return other != RT_NO_INSN && (other == way->store || (tries_again(body, other, NULL) &&
								      rt_soon_comes(body, other, way->store,
									      NEAR, tries_again, NULL)));
}

/* What is stored came from where the second look is: from a look before, or from that one the round before. */
static bool comes_from_there(const struct way *way)
{
	const struct rt_body *body = way->body;
	const struct rt_memory *place = &body->insns[way->again].memory[0];
	if (body->insns[way->again].changes & way->copies)
		return true;
	for (uint32_t i = way->store; i-- > 0 && i + NEAR > way->store;)
		if (rt_alike_is_load(body, i) && body->insns[i].changes & way->copies &&
			rt_slice_same_place(&body->insns[i].memory[0], place))
			return true;
	return false;
}

/* The second look, and the first where it lies before the store: of one place. */
static void mark_looks(struct rt_body *body, const struct way *way)
{
	const struct rt_memory *place = &body->insns[way->again].memory[0];
	body->marks[way->again] |= RT_MARK_WAITS;
	for (uint32_t i = way->store; i-- > 0 && i + NEAR > way->store;)
		if (rt_alike_is_load(body, i) && rt_slice_same_place(&body->insns[i].memory[0], place))
			body->marks[i] |= RT_MARK_WAITS;
}

static bool has_fence(const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (body->insns[i].is_locked || body->insns[i].is_fence)
			return true;
	return false;
}

void rt_hazard_find(struct rt_body *body)
{
	bool may_be = has_fence(body); /* few functions do */
	for (uint32_t i = 0; may_be && i < body->count; i++) {
		struct way way = {.body = body, .store = i, .at = i, .again = RT_NO_INSN};
		if (!rt_alike_is_store(body, i))
			continue;
		way.value = rt_slice_value(&body->insns[i]);
		if (!rt_regs_are_one(way.value))
			continue;
		way.value = way.copies = rt_copies_before(body, i, way.value);
		if (!find_comparison(&way) || !is_done_anew(body, &way) || !comes_from_there(&way))
			continue;
		body->marks[i] |= RT_MARK_WAITS;
		mark_looks(body, &way);
	}
}
