#include "flag.h"

#include "meaning.h"
#include "slice.h"

enum {
	NEAR = 4,  /* instructions */
	PASSED = 8 /* likewise, through which a value goes */
};

static rt_regs_t registers(rt_regs_t set)
{
	return set & RT_VALUES_ALL & ~(1u << RT_RSP);
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
		if (insn->flow == RT_FLOW_CALL && !(value & RT_SLOTS_ALL))
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

/* A constant goes into memory, or into the registers `value`. */
static bool is_constant(const struct rt_body *body, uint32_t i, rt_regs_t value)
{
	const struct rt_insn *insn = &body->insns[i];
	struct rt_meaning meaning = rt_meaning_of(insn, body->module->text.code + insn->offset);
	bool is = (meaning.operation == RT_DO_MOVE && meaning.from == RT_OPERAND_IMMEDIATE) ||
		  (meaning.operation == RT_DO_XOR && meaning.from == meaning.to);
	return is && insn->changes == value;
}

/* Code without optimisation has it go through a variable, and others through a register. */
static bool is_constant_store(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	if (insn->memories != 1 || !insn->memory[0].write || insn->memory[0].read)
		return false;
	if (is_constant(body, i, 0))
		return true;
	rt_regs_t value = rt_slice_value(insn);
	if (!value || value & (value - 1) || insn->flow != RT_FLOW_NEXT)
		return false;
	for (unsigned near = 0; near < NEAR && i && body->insns[i - 1].flow == RT_FLOW_NEXT; near++, i--)
		if (body->marks[i] & RT_MARK_LEADER || body->insns[i - 1].changes & value)
			return !(body->marks[i] & RT_MARK_LEADER) && is_constant(body, i - 1, value);
	return false;
}

static uint8_t operation_of(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	return rt_meaning_of(insn, body->module->text.code + insn->offset).operation;
}

/* The register that tells how the comparison at `i` went, in the next instruction; 0: none does. */
static rt_regs_t answer_of(const struct rt_body *body, uint32_t i)
{
	uint32_t next = body->next[i];
	return next != RT_NO_INSN && operation_of(body, next) == RT_DO_CONDITION ? body->insns[next].changes
										 : 0;
}

/* An answer becomes its opposite, or what a bit of it says. */
static bool turns(const struct rt_insn *insn, rt_regs_t answer)
{
	return registers(insn->uses) == answer && insn->changes == answer && !insn->memories;
}

/* The value decides where control goes from `at` on, straight ahead, and nobody else reads it: it may be copied, and what is
 * asked of it may be kept for another question. */
static bool decides(const struct rt_body *body, uint32_t at, rt_regs_t value)
{
	bool is_answer = false;
	for (unsigned step = 0; step < PASSED && at != RT_NO_INSN && !(value & (value - 1)); step++) {
		const struct rt_insn *insn = &body->insns[at];
		uint32_t next = body->next[at];
		bool is_copied = registers(insn->uses) == value && rt_slice_is_copy(body, insn);
		rt_regs_t to = is_copied ? insn->changes : 0;
		if (compares(insn, value) && !insn->memories) {
			if (is_branch(body, next))
				return is_done_with(body, at, value);
			to = answer_of(body, at);
			next = to ? body->next[next] : next;
			is_answer |= to != 0;
		}
		if (!to && !(is_answer && turns(insn, value)) &&
			((insn->uses | insn->changes) & value || insn->flow != RT_FLOW_NEXT))
			return false;
		if (to && !(is_copied && is_done_with_from(body, next, to))) {
			if (!is_done_with_from(body, next, value))
				return false;
			value = to;
		}
		at = next;
	}
	return false;
}

static bool is_tested(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *load = &body->insns[i];
	rt_regs_t value = load->changes, answer;
	if (!is_plain_load(load))
		return false;
	if (!value) {
		if (!compares(load, registers(rt_slice_address(&load->memory[0]))))
			return false;
		answer = answer_of(body, i);
		return is_branch(body, body->next[i]) ||
		       (answer && decides(body, body->next[body->next[i]], answer));
	}
	return !(registers(load->uses) & ~rt_slice_address(&load->memory[0])) &&
	       decides(body, body->next[i], value);
}

void rt_flag_find(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (is_tested(body, i) || is_constant_store(body, i))
			body->marks[i] |= RT_MARK_FLAG;
}
