#include "wait.h"

#include "imports.h"

enum { INSNS_MOST = 48 };

struct loop {
	const struct rt_body *body;
	uint32_t first, last;
	rt_regs_t changed; /* by something in the loop */
	rt_regs_t loaded;  /* of these: only ever what the loop loaded, and what was made of that */
};

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
	const rt_regs_t by_calls = RT_REGS_ALL & ~(1u << RT_RBX | 1u << RT_RBP | 1u << RT_RSP | 0xf000u);
	for (uint32_t i = loop->first; i <= loop->last; i++) {
		const struct rt_insn *insn = &loop->body->insns[i];
		loop->changed |= insn->changes;
		if (insn->is_locked || insn->flow == RT_FLOW_INDIRECT || insn->flow == RT_FLOW_RETURN)
			return false;
		if (insn->flow == RT_FLOW_CALL) {
			if (!rt_imports_yields(loop->body->module, insn))
				return false;
			loop->changed |= by_calls;
		}
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

/* All that goes into it is the loop's loads and what the loop does not change. *of_loads: and some of it is the former. */
static bool is_of_loads(const struct loop *loop, const struct rt_insn *insn, bool *of_loads)
{
	rt_regs_t inputs = insn->uses & RT_REGS_ALL & ~(1u << RT_RSP);
	bool loads = is_load(loop, insn);
	*of_loads = loads || (inputs & loop->loaded);
	return (!insn->memories || loads) && !(inputs & loop->changed & ~loop->loaded);
}

static void find_loaded(struct loop *loop)
{
	loop->loaded = loop->changed;
	for (bool less = true; less;) {
		less = false;
		for (uint32_t i = loop->first; i <= loop->last; i++) {
			const struct rt_insn *insn = &loop->body->insns[i];
			bool of_loads;
			if ((insn->changes & loop->loaded) &&
				(insn->flow == RT_FLOW_CALL || !is_of_loads(loop, insn, &of_loads))) {
				loop->loaded &= ~insn->changes;
				less = true;
			}
		}
	}
}

/* The instruction whose flags the branch reads; NULL: not in the loop. */
static const struct rt_insn *flags_for(const struct loop *loop, uint32_t branch)
{
	for (uint32_t i = branch; i-- > loop->first;)
		if (loop->body->insns[i].sets & RT_FLAGS_ALL)
			return &loop->body->insns[i];
	return NULL;
}

static bool leaves(const struct loop *loop, uint32_t index)
{
	return index == RT_NO_INSN || index < loop->first || index > loop->last;
}

/* A way out that depends on loads alone. */
static bool waits(const struct loop *loop)
{
	for (uint32_t i = loop->first; i <= loop->last; i++) {
		const struct rt_body *body = loop->body;
		bool of_loads;
		if (body->insns[i].flow != RT_FLOW_BRANCH ||
			(!leaves(loop, body->targets[i]) && !leaves(loop, body->next[i])))
			continue;
		const struct rt_insn *flags = flags_for(loop, i);
		if (flags && is_of_loads(loop, flags, &of_loads) && of_loads)
			return true;
	}
	return false;
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
		find_loaded(&loop);
		if (!waits(&loop))
			continue;
		for (uint32_t at = target; at <= i; at++)
			if (is_load(&loop, &body->insns[at]))
				body->marks[at] |= RT_MARK_WAITS;
	}
}
