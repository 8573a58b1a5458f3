#include "flag.h"

#include "alike.h"
#include "meaning.h"
#include "slice.h"

enum {
	NEAR = 4,  /* instructions */
	PASSED = 8 /* likewise, through which a value goes */
};

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
	       rt_regs_values(insn->uses) == value && !(insn->uses & RT_FLAGS_ALL);
}

static bool is_branch(const struct rt_body *body, uint32_t i)
{
	return i != RT_NO_INSN && body->insns[i].flow == RT_FLOW_BRANCH;
}

/* The register of which it sets the lowest bytes, and that alone; 0: it does something else. What it leaves of it compiled code does
 * not look at. */
static rt_regs_t part_of(const struct rt_body *body, const struct rt_insn *insn)
{
	rt_regs_t kept =
		insn->uses & insn->changes & ~(insn->memories ? rt_slice_address(&insn->memory[0]) : 0);
	if (!kept)
		return 0;
	struct rt_meaning meaning = rt_meaning_of(body, insn);
	bool is = meaning.operation == RT_DO_MOVE && meaning.bytes < 4 && meaning.to < RT_REGISTERS &&
		  meaning.from != meaning.to && insn->changes == 1u << meaning.to;
	return is ? kept : 0;
}

/* On the way from i on, straight ahead, nobody reads it before it is overwritten: not as a function's argument either, nor among its
 * `results`. */
static bool is_left_from(const struct rt_body *body, uint32_t i, rt_regs_t value, rt_regs_t results)
{
	enum { FAR = 24 };
	const rt_regs_t arguments =
		1u << RT_RDI | 1u << RT_RSI | 1u << RT_RDX | 1u << RT_RCX | 1u << RT_R8 | 1u << 9;
	const rt_regs_t saved = 1u << RT_RBX | 1u << RT_RBP | 0xf000u;
	for (unsigned far = 0; far < FAR && i != RT_NO_INSN; far++) {
		const struct rt_insn *insn = &body->insns[i];
		bool calls = insn->flow == RT_FLOW_CALL ||
			     (insn->flow == RT_FLOW_JUMP && body->targets[i] == RT_NO_INSN);
		if (calls && !(value & RT_SLOTS_ALL))
			return !(value & (arguments | saved));
		if (insn->flow == RT_FLOW_RETURN)
			return !(value & (results | saved));
		if (part_of(body, insn) & value)
			return true;
		if (insn->uses & value)
			return false;
		if (insn->sets & value || insn->flow == RT_FLOW_STOP)
			return true;
		i = insn->flow == RT_FLOW_JUMP ? body->targets[i] : body->next[i];
	}
	return !(i == RT_NO_INSN || body->live[i] & value);
}

static bool is_done_with_from(const struct rt_body *body, uint32_t i, rt_regs_t value)
{
	return is_left_from(body, i, value, 1u << RT_RAX);
}

/* Of a comparison with a constant: which one the value is where it is equal, so that code may use it there in the constant's place. */
static bool compares_all(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	struct rt_meaning meaning = rt_meaning_of(body, insn);
	return (meaning.operation == RT_DO_COMPARE && meaning.from == RT_OPERAND_IMMEDIATE) ||
	       (meaning.operation == RT_DO_TEST && meaning.from == meaning.to);
}

/* A truth value may be the result, too: it is as good as a constant. */
static bool is_done_with(const struct rt_body *body, uint32_t comparison, rt_regs_t value, bool is_truth)
{
	uint32_t branch = body->next[comparison];
	uint8_t condition = compares_all(body, comparison) ? body->insns[branch].condition : 0xff;
	rt_regs_t results = is_truth ? 0 : 1u << RT_RAX;
	return (condition == RT_CONDITION_NOT_EQUAL ||
		       is_left_from(body, body->next[branch], value, results)) &&
	       (condition == RT_CONDITION_EQUAL || is_left_from(body, body->targets[branch], value, results));
}

/* A constant goes into memory, or into the registers `value`. */
static bool is_constant(const struct rt_body *body, uint32_t i, rt_regs_t value)
{
	const struct rt_insn *insn = &body->insns[i];
	struct rt_meaning meaning = rt_meaning_of(body, insn);
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
	if (!rt_regs_are_one(value) || insn->flow != RT_FLOW_NEXT)
		return false;
	for (unsigned near = 0; near < NEAR && i && body->insns[i - 1].flow == RT_FLOW_NEXT; near++, i--)
		if (body->marks[i] & RT_MARK_LEADER || body->insns[i - 1].changes & value)
			return !(body->marks[i] & RT_MARK_LEADER) && is_constant(body, i - 1, value);
	return false;
}

static uint8_t operation_of(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	return rt_meaning_of(body, insn).operation;
}

/* The register that tells how the comparison at `i` went, in the next instruction; 0: none does. */
static rt_regs_t answer_of(const struct rt_body *body, uint32_t i)
{
	uint32_t next = body->next[i];
	return next != RT_NO_INSN && operation_of(body, next) == RT_DO_CONDITION ? body->insns[next].changes
										 : 0;
}

/* An answer becomes its opposite, or what a bit of it says: where it was, or in another register, and is done with then. */
static bool turns(const struct rt_body *body, uint32_t i, rt_regs_t answer)
{
	const struct rt_insn *insn = &body->insns[i];
	return rt_regs_values(insn->uses) == answer && rt_regs_are_one(insn->changes) && !insn->memories &&
	       (insn->changes == answer || is_done_with_from(body, body->next[i], answer));
}

/* Straight behind a store to the slot. */
static bool is_behind_store(const struct rt_body *body, uint32_t i, const struct rt_memory *slot)
{
	const struct rt_insn *before = &body->insns[i ? i - 1 : 0];
	return i && body->next[i - 1] == i && !(body->marks[i] & RT_MARK_LEADER) && before->memories == 1 &&
	       before->memory[0].write && rt_slice_same_place(&before->memory[0], slot);
}

/* It makes an address in the frame that the slot may be reached by: one from below it may be that of a structure. Of a frame that
 * rbp does not point to, what has to do with rbp and is no lea is none. */
static bool may_reach(const struct rt_body *body, const struct rt_insn *insn, const struct rt_memory *slot)
{
	int64_t from;
	if (!insn->takes_frame)
		return false;
	if (!rt_alike_lea(insn, &from))
		return body->has_rbp_frame || !(insn->uses & 1u << RT_RBP);
	return body->has_rbp_frame || from < slot->displacement + slot->bytes;
}

/* Somebody looks at the slot of the frame otherwise, or may. */
static bool is_shared(const struct rt_body *body, const struct rt_memory *slot)
{
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		if (may_reach(body, insn, slot))
			return true;
		for (unsigned n = 0; n < insn->memories; n++)
			if (insn->memory[n].read && insn->memory[n].base == slot->base &&
				rt_slice_overlaps(&insn->memory[n], slot) && !is_behind_store(body, i, slot))
				return true;
	}
	return false;
}

/* Where the value that is stored is loaded at once, of a volatile variable in the frame that nobody else looks at; RT_NO_INSN: it is
 * no such store. */
static uint32_t comes_back(const struct rt_body *body, uint32_t store, rt_regs_t value)
{
	const struct rt_insn *insn = &body->insns[store];
	const struct rt_memory *slot = &insn->memory[0];
	uint32_t load = body->next[store];
	bool is_store = insn->memories == 1 && !insn->changes && slot->write && !slot->read &&
			slot->form == RT_FORM_PLAIN && slot->index == RT_REG_NONE &&
			rt_slice_is_frame(body, slot) && rt_slice_value(insn) == value;
	bool is_back = is_store && load != RT_NO_INSN && is_behind_store(body, load, slot) &&
		       is_plain_load(&body->insns[load]) &&
		       rt_slice_same_place(&body->insns[load].memory[0], slot);
	return is_back && !is_shared(body, slot) && is_done_with_from(body, load, value)
		       ? load
		       : (uint32_t)RT_NO_INSN;
}

/* Of a truth value. */
static bool is_negation(const struct rt_body *body, uint32_t i)
{
	struct rt_meaning meaning = rt_meaning_of(body, &body->insns[i]);
	return meaning.operation == RT_DO_XOR && meaning.from == RT_OPERAND_IMMEDIATE &&
	       meaning.immediate == 1;
}

/* The value decides where control goes from `at` on, straight ahead, and nobody else reads it: it may be copied, and what is
 * asked of it may be kept for another question. `is_truth`: it may be a truth value, which may be turned round. */
static bool decides(const struct rt_body *body, uint32_t at, rt_regs_t value, bool is_truth)
{
	bool is_answer = false;
	for (unsigned step = 0; step < PASSED && at != RT_NO_INSN && rt_regs_are_one(value); step++) {
		const struct rt_insn *insn = &body->insns[at];
		uint32_t next = body->next[at], back = comes_back(body, at, value);
		if (back != RT_NO_INSN) {
			value = body->insns[back].changes;
			at = body->next[back];
			if (!value)
				return compares(&body->insns[back], 0) && is_branch(body, at);
			continue;
		}
		bool is_copied = rt_regs_values(insn->uses) == value && rt_slice_is_copy(body, insn);
		rt_regs_t to = is_copied ? insn->changes : 0;
		if (compares(insn, value) && !insn->memories) {
			if (is_branch(body, next))
				return is_done_with(body, at, value, is_truth);
			to = answer_of(body, at);
			next = to ? body->next[next] : next;
			is_answer |= to != 0;
		}
		bool may_turn = is_answer || (is_truth && is_negation(body, at));
		if (!to && may_turn && turns(body, at, value))
			value = insn->changes;
		else if (!to && ((insn->uses | insn->changes) & value || insn->flow != RT_FLOW_NEXT))
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
		if (!compares(load, rt_regs_values(rt_slice_address(&load->memory[0]))))
			return false;
		answer = answer_of(body, i);
		return is_branch(body, body->next[i]) ||
		       (answer && decides(body, body->next[body->next[i]], answer, false));
	}
	return !(rt_regs_values(load->uses & ~part_of(body, load)) & ~rt_slice_address(&load->memory[0])) &&
	       decides(body, body->next[i], value, load->memory[0].bytes == 1);
}

void rt_flag_find(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (is_tested(body, i) || is_constant_store(body, i))
			body->marks[i] |= RT_MARK_FLAG;
}
