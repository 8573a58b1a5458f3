#include "live.h"

/* Read by whoever control goes to, once it has left the function. */
static rt_regs_t live_outside(bool flags_leave)
{
	return flags_leave ? RT_LIVE_ALL : RT_REGS_ALL;
}

/* After the instruction, whichever way it goes. */
static rt_regs_t live_after(const struct rt_body *body, uint32_t i, bool flags_leave)
{
	const struct rt_insn *insn = &body->insns[i];
	uint32_t next = body->next[i], target = body->targets[i];
	rt_regs_t through = next == RT_NO_INSN ? RT_LIVE_ALL : body->live[next];
	rt_regs_t there = target == RT_NO_INSN ? RT_LIVE_ALL : body->live[target];
	switch (insn->flow) {
	case RT_FLOW_NEXT:
		return through;
	case RT_FLOW_BRANCH:
	case RT_FLOW_LOOP:
		return through | there;
	case RT_FLOW_JUMP:
		return there;
	case RT_FLOW_CALL:
	case RT_FLOW_RETURN:
		return live_outside(flags_leave);
	case RT_FLOW_STOP:
		return RT_REGS_ALL; /* the handler of its signal may look */
	default:
		return RT_LIVE_ALL;
	}
}

/* From the end to the beginning, again when something is new that control comes back to. */
void rt_live_find(struct rt_body *body, bool flags_leave)
{
	for (uint32_t i = 0; i < body->count; i++)
		body->live[i] = 0;
	for (bool changed = true; changed;) {
		changed = false;
		for (uint32_t i = body->count; i-- > 0;) {
			const struct rt_insn *insn = &body->insns[i];
			rt_regs_t live = insn->uses | (live_after(body, i, flags_leave) & ~insn->sets);
			changed |= live != body->live[i] && body->marks[i] & RT_MARK_LOOP;
			body->live[i] = live;
		}
	}
}

bool rt_live_flags_enter(const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if ((i == 0 || body->marks[i] & RT_MARK_RETURN) && body->live[i] & RT_FLAGS_ALL)
			return true;
	return false;
}
