#include "wait.h"

#include "imports.h"

enum { INSNS_MOST = 48 };

struct loop {
	struct rt_body *body;
	uint32_t first, last;
	rt_regs_t changed; /* by something in the loop */
};

/* Of a call: what functions may change. */
static rt_regs_t changes(const struct rt_insn *insn)
{
	const rt_regs_t kept = 1u << RT_RBX | 1u << RT_RBP | 1u << RT_RSP | 0xf000u /* r12 to r15 */;
	return insn->flow == RT_FLOW_CALL ? RT_REGS_ALL & ~kept : insn->changes;
}

static bool is_frame(const struct rt_memory *memory)
{
	return memory->base == RT_RSP || memory->base == RT_RBP;
}

static rt_regs_t address_of(const struct rt_memory *memory)
{
	return (memory->base < RT_REGISTERS ? 1u << memory->base : 0) |
	       (memory->index < RT_REGISTERS ? 1u << memory->index : 0);
}

/* Whether the loop may wait at all; finds what it changes. */
static bool survey(struct loop *loop)
{
	for (uint32_t i = loop->first; i <= loop->last; i++) {
		const struct rt_insn *insn = &loop->body->insns[i];
		loop->changed |= changes(insn);
		if (insn->is_locked || insn->flow == RT_FLOW_INDIRECT || insn->flow == RT_FLOW_RETURN)
			return false;
		if (insn->flow == RT_FLOW_CALL && !rt_imports_yields(loop->body->module, insn))
			return false;
		for (unsigned n = 0; n < insn->memories; n++)
			if (insn->memory[n].write && !is_frame(&insn->memory[n]))
				return false;
	}
	loop->changed &= ~(1u << RT_RSP);
	return true;
}

/* Loads from an address that stays. */
static bool is_load(const struct loop *loop, const struct rt_insn *insn)
{
	if (insn->memories != 1 || insn->flow != RT_FLOW_NEXT || insn->memory[0].write)
		return false;
	const struct rt_memory *memory = &insn->memory[0];
	return memory->form == RT_FORM_PLAIN && memory->bytes <= 8 && !is_frame(memory) && !memory->segment &&
	       !(address_of(memory) & loop->changed);
}

static bool leaves(const struct loop *loop, uint32_t index)
{
	return index == RT_NO_INSN || index < loop->first || index > loop->last;
}

/* What the branch at `branch` depends on, followed backwards to the loop's beginning, is what the loop loads and what it does
 * not change. The loads are marked. */
static void depends_on_loads(const struct loop *loop, uint32_t branch)
{
	struct rt_body *body = loop->body;
	rt_regs_t needed = body->insns[branch].uses & RT_FLAGS_ALL;
	uint32_t loads[INSNS_MOST], count = 0;
	for (uint32_t i = branch; i-- > loop->first;) {
		const struct rt_insn *insn = &body->insns[i];
		rt_regs_t made = (insn->sets | changes(insn)) & needed;
		if (!made)
			continue;
		bool load = is_load(loop, insn);
		if (insn->flow != RT_FLOW_NEXT || made & ~insn->sets || (insn->memories && !load))
			return;
		if (load)
			loads[count++] = i;
		needed &= ~made;
		needed |= insn->uses & RT_REGS_ALL & ~(1u << RT_RSP);
	}
	if (needed & (loop->changed | RT_FLAGS_ALL))
		return;
	for (uint32_t i = 0; i < count; i++)
		body->marks[loads[i]] |= RT_MARK_WAITS;
}

void rt_wait_find(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++) {
		uint32_t target = body->targets[i];
		if (target == RT_NO_INSN || target > i || i - target >= INSNS_MOST)
			continue;
		struct loop loop = {.body = body, .first = target, .last = i};
		if (!survey(&loop))
			continue;
		for (uint32_t at = target; at <= i; at++)
			if (body->insns[at].flow == RT_FLOW_BRANCH &&
				(leaves(&loop, body->targets[at]) || leaves(&loop, body->next[at])))
				depends_on_loads(&loop, at);
	}
}
