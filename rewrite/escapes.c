#include "escapes.h"

#include "slice.h"

enum { OBJECT = 64 /* bytes of a local of which no more is known than where it begins */ };

struct search {
	struct rt_escapes *escapes;
	struct rt_values *values;
	const struct rt_hooks *hooks;
	const struct rt_own_frame *frame;
	const struct rt_body *body;
	bool any; /* a local has escaped, and it is not known which */
};

static struct rt_escape locate(const struct rt_values *values, struct rt_value value, int64_t bytes)
{
	const struct rt_value *regs = values->regs;
	return (struct rt_escape){.from_sp = value.more - regs[RT_RSP].more,
		.from_bp = value.more - regs[RT_RBP].more,
		.bytes = bytes,
		.by_sp = value.name == regs[RT_RSP].name,
		.by_bp = values->body->has_rbp_frame && value.name == regs[RT_RBP].name};
}

static bool overlap(int64_t one, int64_t bytes, int64_t other, int64_t other_bytes)
{
	return one < other + other_bytes && other < one + bytes;
}

bool rt_escapes_has(const struct rt_escapes *escapes, const struct rt_values *values, struct rt_value value,
	int64_t bytes)
{
	struct rt_escape local = locate(values, value, bytes);
	for (unsigned i = 0; i < escapes->count; i++) {
		const struct rt_escape *escape = &escapes->at[i];
		if ((local.by_sp && escape->by_sp &&
			    overlap(local.from_sp, bytes, escape->from_sp, escape->bytes)) ||
			(local.by_bp && escape->by_bp &&
				overlap(local.from_bp, bytes, escape->from_bp, escape->bytes)))
			return true;
	}
	return false;
}

static void add(const struct search *search, struct rt_value value, int64_t bytes)
{
	struct rt_escapes *escapes = search->escapes;
	if (rt_value_is_frame(search->body, value) && escapes->count < RT_ESCAPES_MOST)
		escapes->at[escapes->count++] = locate(search->values, value, bytes);
}

static void see_escape(void *data, uint32_t i, bool joins)
{
	struct search *search = data;
	const struct rt_insn *insn = &search->body->insns[i];
	const struct rt_hook *hook = rt_hook_of(search->hooks, search->body->module, insn);
	const struct rt_value *regs = search->values->regs;
	const struct rt_memory *memory = &insn->memory[0];
	(void)joins;
	if (hook && hook->bytes && hook->bytes != RT_HOOK_RANGE)
		add(search, regs[RT_RDI], hook->bytes);
	bool stores = insn->flow == RT_FLOW_NEXT && insn->memories && memory->write &&
		      !rt_slice_is_frame(search->body, memory);
	rt_regs_t stored = stores ? rt_regs_values(insn->uses) & ~rt_slice_address(memory) : 0;
	for (unsigned reg = 0; reg < RT_REGISTERS; reg++) {
		if (!(stored >> reg & 1))
			continue;
		add(search, regs[reg], OBJECT);
		search->any |=
			search->frame->before.at[i] >> reg & 1 && !rt_value_is_frame(search->body, regs[reg]);
	}
	rt_values_step(search->values, insn);
}

/* All locals that addresses are made of. */
static void see_local(void *data, uint32_t i, bool joins)
{
	struct search *search = data;
	const struct rt_insn *insn = &search->body->insns[i];
	bool copies_sp = insn->takes_frame && !insn->memories && insn->uses == 1u << RT_RSP;
	(void)joins;
	if (insn->addresses && rt_slice_is_frame(search->body, &insn->memory[0]))
		add(search, rt_values_address(search->values, &insn->memory[0]), OBJECT);
	else if (copies_sp)
		add(search, search->values->regs[RT_RSP], OBJECT);
	rt_values_step(search->values, insn);
}

void rt_escapes_find(struct rt_escapes *escapes, struct rt_values *values, const struct rt_hooks *hooks,
	const struct rt_own_frame *frame, struct rt_body *body)
{
	struct search search = {escapes, values, hooks, frame, body, false};
	escapes->count = 0;
	rt_values_walk(values, body, see_escape, &search);
	if (search.any)
		rt_values_walk(values, body, see_local, &search);
}
