#include "chosen.h"

#include "slice.h"

enum { NEAR = 8 /* instructions from the load to the move */ };

static bool is_move(const struct rt_insn *insn)
{
	return insn->chooses && !insn->memories;
}

/* Into one whole register, which is returned; 0: it is something else. */
static rt_regs_t loaded(const struct rt_insn *insn)
{
	const struct rt_memory *memory = &insn->memory[0];
	bool is = insn->memories == 1 && insn->flow == RT_FLOW_NEXT && memory->form == RT_FORM_PLAIN &&
		  memory->read && !memory->write && !insn->chooses && !insn->is_locked &&
		  !(insn->sets & RT_FLAGS_ALL) && !rt_slice_value(insn);
	rt_regs_t into = insn->changes & RT_REGS_ALL;
	return is && into && !(into & (into - 1)) && insn->sets & into ? into : 0;
}

/* Nothing between the two looks at what was loaded, or changes where it was loaded from. */
static bool is_passed(const struct rt_body *body, uint32_t i, rt_regs_t value, rt_regs_t address)
{
	const struct rt_insn *insn = &body->insns[i];
	return insn->flow == RT_FLOW_NEXT && !insn->is_locked && !insn->is_fence && !(insn->uses & value) &&
	       !((insn->changes | insn->sets) & (value | address));
}

/* The move takes what is in `value` or leaves it, and nothing else comes of it. */
static bool takes(const struct rt_body *body, uint32_t move, rt_regs_t value)
{
	const struct rt_insn *insn = &body->insns[move];
	uint32_t next = body->next[move];
	rt_regs_t others = insn->uses & RT_REGS_ALL & ~(1u << RT_RSP) & ~value;
	if (!is_move(insn) || !(insn->uses & value) || !others)
		return false;
	return insn->changes & value || (next != RT_NO_INSN && !(body->live[next] & value));
}

/* The move that the load's value goes to, and to nothing else; and the address can still be told there. */
static uint32_t find_move(const struct rt_body *body, uint32_t load, rt_regs_t value)
{
	rt_regs_t address = rt_slice_address(&body->insns[load].memory[0]);
	uint32_t i = load + 1;
	for (; i < body->count && i - load <= NEAR; i++) {
		if (body->next[i - 1] != i || body->marks[i] & RT_MARK_LEADER)
			return RT_NO_INSN;
		if (takes(body, i, value))
			return address & ~body->live[i] ? RT_NO_INSN : i;
		if (!is_passed(body, i, value, address))
			return RT_NO_INSN;
	}
	return RT_NO_INSN;
}

void rt_chosen_find(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++) {
		rt_regs_t value = loaded(&body->insns[i]);
		bool may_be = value && !(value & rt_slice_address(&body->insns[i].memory[0])) &&
			      !(body->marks[i] & RT_MARK_WAITS);
		uint32_t move = may_be ? find_move(body, i, value) : RT_NO_INSN;
		if (move != RT_NO_INSN) {
			body->marks[i] |= RT_MARK_CHOSEN;
			body->marks[move] |= RT_MARK_CHOSEN;
		}
	}
}

uint32_t rt_chosen_load(const struct rt_body *body, uint32_t move, uint32_t before)
{
	for (uint32_t i = before; i-- > 0 && move - i <= NEAR;)
		if (body->marks[i] & RT_MARK_CHOSEN && !body->insns[i].chooses &&
			find_move(body, i, loaded(&body->insns[i])) == move)
			return i;
	return RT_NO_INSN;
}

unsigned rt_chosen_condition(const struct rt_body *body, uint32_t move, uint32_t load)
{
	const struct rt_insn *insn = &body->insns[move];
	return insn->condition ^ !!(insn->changes & loaded(&body->insns[load]));
}
