#include "own_frame.h"

#include "meaning.h"
#include "slice.h"

enum { UNKNOWN = 0xffff /* control has not come there yet */, SWEEPS_MOST = 32 };

static uint16_t at_entry(const struct rt_body *body)
{
	return (uint16_t)(1u << RT_RSP | (body->has_rbp_frame ? 1u << RT_RBP : 0));
}

/* The register that it makes such an address in; RT_REG_NONE: it makes none. */
static unsigned makes(const struct rt_body *body, uint32_t i, uint16_t before)
{
	const struct rt_insn *insn = &body->insns[i];
	struct rt_meaning meaning = rt_meaning_of(body, insn);
	bool is_made = false;
	if (insn->flow != RT_FLOW_NEXT || meaning.operation == RT_DO_OTHER || meaning.bytes != 8 ||
		meaning.to >= RT_REGISTERS)
		return RT_REG_NONE;
	if (meaning.operation == RT_DO_MOVE)
		is_made = meaning.from < RT_REGISTERS && before >> meaning.from & 1;
	else if (meaning.operation == RT_DO_ADD || meaning.operation == RT_DO_SUBTRACT)
		is_made = before >> meaning.to & 1 && !insn->memories;
	else if (insn->addresses && insn->memory[0].base < RT_REGISTERS)
		is_made = before >> insn->memory[0].base & 1;
	return is_made ? meaning.to : (unsigned)RT_REG_NONE;
}

static uint16_t behind(const struct rt_body *body, uint32_t i, uint16_t before)
{
	const struct rt_insn *insn = &body->insns[i];
	unsigned made = makes(body, i, before);
	uint16_t after = (uint16_t)(before & ~((rt_slice_changes(insn) | insn->sets) & ~(1u << RT_RSP)));
	return made == RT_REG_NONE ? after : (uint16_t)(after | 1u << made);
}

static bool narrow(uint16_t *place, uint16_t to)
{
	uint16_t old = *place;
	*place &= to;
	return *place != old;
}

static bool sweep(struct rt_own_frame *own, const struct rt_body *body)
{
	bool changed = false;
	for (uint32_t i = 0; i < body->count; i++) {
		uint16_t after = behind(body, i, own->before.at[i]);
		if (body->next[i] != RT_NO_INSN)
			changed |= narrow(&own->before.at[body->next[i]], after);
		if (body->targets[i] != RT_NO_INSN)
			changed |= narrow(&own->before.at[body->targets[i]], after);
	}
	return changed;
}

bool rt_own_frame_find(struct rt_own_frame *own, const struct rt_body *body)
{
	unsigned sweeps = 0;
	own->before.count = 0;
	for (uint32_t i = 0; i < body->count; i++) {
		bool is_entry = !i || body->insns[i].is_landing ||
				rt_module_may_be_entry(body->module, body->insns[i].offset);
		uint16_t *before = rt_list_add(&own->before);
		if (!before)
			return false;
		*before = is_entry ? at_entry(body) : UNKNOWN;
	}
	while (sweep(own, body) && sweeps < SWEEPS_MOST)
		sweeps++;
	for (uint32_t i = 0; i < body->count; i++)
		if (own->before.at[i] == UNKNOWN || sweeps == SWEEPS_MOST)
			own->before.at[i] = at_entry(body);
	return true;
}

void rt_own_frame_fini(struct rt_own_frame *own)
{
	rt_list_fini(&own->before);
}
