#include "flag.h"

#include "meaning.h"
#include "slice.h"

enum { NEAR = 4 /* instructions */ };

static rt_regs_t registers(rt_regs_t set)
{
	return set & RT_REGS_ALL & ~(1u << RT_RSP);
}

static bool is_plain_load(const struct rt_insn *insn)
{
	const struct rt_memory *memory = &insn->memory[0];
	return insn->memories == 1 && insn->flow == RT_FLOW_NEXT && memory->form == RT_FORM_PLAIN &&
	       !memory->write && memory->bytes <= 8;
}

/* Compares `value` (registers; 0: memory) with a constant, and changes nothing but flags. */
static bool compares(const struct rt_insn *insn, rt_regs_t value)
{
	return !insn->changes && insn->sets & RT_FLAGS_ALL && insn->flow == RT_FLOW_NEXT &&
	       registers(insn->uses) == value && !(insn->uses & RT_FLAGS_ALL);
}

static bool is_branch(const struct rt_body *body, uint32_t i)
{
	return i != RT_NO_INSN && body->insns[i].flow == RT_FLOW_BRANCH;
}

/* On the way from i on, straight ahead, nobody reads it before it is overwritten: not as a function's argument or result
 * either. */
static bool is_done_with_from(const struct rt_body *body, uint32_t i, rt_regs_t value)
{
	enum { FAR = 24 };
	const rt_regs_t arguments =
		1u << RT_RDI | 1u << RT_RSI | 1u << RT_RDX | 1u << RT_RCX | 1u << RT_R8 | 1u << 9;
	const rt_regs_t saved = 1u << RT_RBX | 1u << RT_RBP | 0xf000u;
	for (unsigned far = 0; far < FAR && i != RT_NO_INSN; far++) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->flow == RT_FLOW_CALL)
			return !(value & (arguments | saved));
		if (insn->flow == RT_FLOW_RETURN)
			return !(value & (1u << RT_RAX | saved));
		if (insn->uses & value)
			return false;
		if (insn->sets & value || insn->flow == RT_FLOW_STOP)
			return true;
		i = insn->flow == RT_FLOW_JUMP ? body->targets[i] : body->next[i];
	}
	return !(i == RT_NO_INSN || body->live[i] & value);
}

/* Of a comparison with a constant: which one the value is where it is equal, so that code may use it there in the constant's place. */
static bool compares_all(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	struct rt_meaning meaning = rt_meaning_of(insn, body->module->text.code + insn->offset);
	return (meaning.operation == RT_DO_COMPARE && meaning.from == RT_OPERAND_IMMEDIATE) ||
	       (meaning.operation == RT_DO_TEST && meaning.from == meaning.to);
}

static bool is_done_with(const struct rt_body *body, uint32_t comparison, rt_regs_t value)
{
	enum { EQUAL = 4, NOT_EQUAL = 5 };
	uint32_t branch = body->next[comparison];
	uint8_t condition = compares_all(body, comparison) ? body->insns[branch].condition : 0xff;
	return (condition == NOT_EQUAL || is_done_with_from(body, body->next[branch], value)) &&
	       (condition == EQUAL || is_done_with_from(body, body->targets[branch], value));
}

/* mov of an immediate: opcodes c6 and c7. */
static bool is_constant_store(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	const uint8_t *at = body->module->text.code + insn->offset;
	if (insn->memories != 1 || !insn->memory[0].write || insn->memory[0].read)
		return false;
	while (*at == 0x66 || (*at & 0xf0) == 0x40)
		at++;
	return (*at & 0xfe) == 0xc6;
}

static bool is_tested(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *load = &body->insns[i];
	rt_regs_t value = load->changes;
	if (!is_plain_load(load))
		return false;
	if (!value)
		return compares(load, registers(rt_slice_address(&load->memory[0]))) &&
		       is_branch(body, body->next[i]);
	if (value & (value - 1) || registers(load->uses) & ~rt_slice_address(&load->memory[0]))
		return false;
	uint32_t at = body->next[i];
	for (unsigned step = 0; step < NEAR && at != RT_NO_INSN; step++, at = body->next[at]) {
		const struct rt_insn *insn = &body->insns[at];
		if (compares(insn, value) && !insn->memories)
			return is_branch(body, body->next[at]) && is_done_with(body, at, value);
		if ((insn->uses | insn->changes) & value || insn->flow != RT_FLOW_NEXT)
			return false;
	}
	return false;
}

void rt_flag_find(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (is_tested(body, i) || is_constant_store(body, i))
			body->marks[i] |= RT_MARK_FLAG;
}
