#include "back.h"

uint32_t rt_back_from(const struct rt_body *body, uint32_t i)
{
	uint32_t from = RT_NO_INSN;
	uint8_t before = i ? body->insns[i - 1].flow : RT_FLOW_RETURN;
	if (before == RT_FLOW_NEXT || before == RT_FLOW_BRANCH)
		return i - 1;
	if (before == RT_FLOW_CALL || body->marks[i] & RT_MARK_OUTSIDE)
		return RT_NO_INSN;
	for (uint32_t jump = 0; jump < body->count; jump++) {
		if (body->targets[jump] != i)
			continue;
		if (from != RT_NO_INSN || body->insns[jump].flow == RT_FLOW_CALL)
			return RT_NO_INSN;
		from = jump;
	}
	return from;
}
