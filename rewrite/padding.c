#include "body.h"

#include "decode.h"

enum { TRAP = 0xcc };

/* Nothing but no-operations, none of which anybody may jump to. */
static bool is_padding(const struct rt_module *module, uint32_t start, uint32_t end)
{
	struct rt_insn insn;
	for (uint32_t at = start; at < end;) {
		if (rt_module_may_be_entry(module, at))
			return false;
		if (module->text.code[at] == TRAP)
			at++;
		else if (rt_decode(&module->text, at, end, &insn) && insn.is_nop && insn.flow == RT_FLOW_NEXT)
			at += insn.bytes;
		else
			return false;
	}
	return start < end;
}

/* A call at the end of a function does not return. */
static bool goes_on(const struct rt_body *body, uint32_t i)
{
	unsigned flow = body->insns[i].flow;
	return flow == RT_FLOW_NEXT || flow == RT_FLOW_BRANCH || flow == RT_FLOW_LOOP ||
	       body->next[i] != RT_NO_INSN;
}

/* The first instruction that ends behind the offset. */
static uint32_t find_insn(const struct rt_body *body, uint32_t offset)
{
	uint32_t low = 0, high = body->count;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (body->insns[middle].offset + body->insns[middle].bytes <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool rt_body_padding(const struct rt_body *body, uint32_t next, struct rt_padding *padding)
{
	for (uint32_t i = find_insn(body, padding->end); i < body->count; i++) {
		uint32_t start = body->insns[i].offset + body->insns[i].bytes;
		uint32_t end = i + 1 < body->count ? body->insns[i + 1].offset : next;
		if (start >= end || goes_on(body, i) || !is_padding(body->module, start, end))
			continue;
		*padding = (struct rt_padding){start, end};
		return true;
	}
	return false;
}
