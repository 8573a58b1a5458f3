#include "copies.h"

#include "slice.h"

enum { NEAR = 8 /* instructions */ };

/* Made of itself and a constant: bits that mark a pointer are left out. */
static bool is_masked(const struct rt_insn *insn, rt_regs_t value)
{
	return !insn->memories && rt_regs_values(insn->changes) == value &&
	       rt_regs_values(insn->uses) == value;
}

/* Those of `copies`, and what was copied to or from one of them before, straight ahead, and is so still. */
static rt_regs_t add_copies(const struct rt_body *body, uint32_t from, rt_regs_t value, rt_regs_t copies)
{
	rt_regs_t changed = 0;
	for (uint32_t i = from; i-- > 0 && i + NEAR > from;) {
		const struct rt_insn *insn = &body->insns[i];
		rt_regs_t both = rt_regs_values(insn->changes | insn->uses);
		if (insn->flow != RT_FLOW_NEXT && insn->flow != RT_FLOW_BRANCH)
			break;
		if (is_masked(insn, value))
			continue;
		if (rt_slice_is_copy(body, insn) && both & copies && !(both & changed))
			copies |= both;
		changed |= insn->changes;
	}
	return copies;
}

rt_regs_t rt_copies_before(const struct rt_body *body, uint32_t at, rt_regs_t value)
{
	return add_copies(body, at, value, add_copies(body, at, value, value));
}

rt_regs_t rt_copies_behind(const struct rt_body *body, uint32_t at, rt_regs_t copies)
{
	const struct rt_insn *insn = &body->insns[at];
	rt_regs_t changes = rt_slice_changes(insn);
	bool is_copy = rt_slice_is_copy(body, insn) && insn->uses & copies;
	return (copies & ~changes) | (is_copy ? changes : 0);
}
