#include "frame_rule.h"

enum {
	REG_BP = 6,
	REG_SP = 7,
	OP_BREG0 = 0x70, /* a register's value, and an offset */
	OP_DEREF = 0x06,
	SP_IN_CONTEXT = 160, /* where a ucontext has rsp */
};

static void set_register(struct rt_frame_program *program, uint64_t number, int64_t offset)
{
	if (number == REG_BP) {
		program->row.bp_offset = offset;
		program->row.bp_from_bp = program->row.bp_unknown = false;
	}
}

static void forget_register(struct rt_frame_program *program, uint64_t number)
{
	if (number == REG_BP)
		program->row.bp_unknown = true;
}

/* Saved at rbp + n: the expression that compilers write for registers of a function that realigns its stack. */
static void set_register_expression(
	struct rt_frame_program *program, uint64_t number, struct rt_reader expression)
{
	bool known = rt_read_fixed(&expression, 1) == OP_BREG0 + REG_BP;
	int64_t offset = rt_read_sleb(&expression);
	if (number != REG_BP)
		return;
	program->row.bp_offset = offset;
	program->row.bp_from_bp = true;
	program->row.bp_unknown = !known || expression.at != expression.end;
}

/* *(register + n): the expression that compilers write for a CFA around calls (rbp), when a function realigns its stack, and
 * that of a signal's frame (rsp). */
static void set_cfa_expression(struct rt_frame_program *program, struct rt_reader expression)
{
	uint64_t number = rt_read_fixed(&expression, 1) - OP_BREG0;
	int64_t offset = rt_read_sleb(&expression);
	bool known = (number == REG_BP || (number == REG_SP && program->cie.signal_frame)) &&
		     rt_read_fixed(&expression, 1) == OP_DEREF && expression.at == expression.end;
	program->row.cfa_unknown = !known;
	program->row.cfa_memory = known;
	program->row.cfa_register = number;
	program->row.cfa_offset = offset;
}

static void set_cfa(struct rt_frame_program *program, uint64_t number, int64_t offset)
{
	program->row.cfa_register = number;
	program->row.cfa_offset = offset;
	program->row.cfa_memory = program->row.cfa_unknown = false;
}

/* One instruction whose operands are not in its first byte. */
static void step_extended(struct rt_frame_program *program, struct rt_reader *reader, uint8_t op)
{
	const struct rt_eh_cie *cie = &program->cie;
	uint64_t number;
	switch (op) {
	case 0x01: /* set_loc */
		program->location = rt_read_encoded(reader, cie->encoding);
		break;
	case 0x02: /* advance_loc1, 2, 4 */
	case 0x03:
	case 0x04:
		program->location += rt_read_fixed(reader, 1u << (op - 2)) * cie->code_align;
		break;
	case 0x05: /* offset_extended */
		number = rt_read_uleb(reader);
		set_register(program, number, (int64_t)rt_read_uleb(reader) * cie->data_align);
		break;
	case 0x11: /* offset_extended_sf */
		number = rt_read_uleb(reader);
		set_register(program, number, rt_read_sleb(reader) * cie->data_align);
		break;
	case 0x06: /* restore_extended */
	case 0x08: /* same_value */
		number = rt_read_uleb(reader);
		if (number == REG_BP) {
			program->row.bp_offset = op == 0x06 ? program->initial.bp_offset : 0;
			program->row.bp_from_bp = program->row.bp_unknown = false;
		}
		break;
	case 0x07: /* undefined */
		number = rt_read_uleb(reader);
		if (number == cie->return_register)
			program->row.return_undefined = true;
		forget_register(program, number);
		break;
	case 0x09: /* register */
	case 0x14: /* val_offset */
		number = rt_read_uleb(reader);
		rt_read_uleb(reader);
		forget_register(program, number);
		break;
	case 0x15: /* val_offset_sf */
		number = rt_read_uleb(reader);
		rt_read_sleb(reader);
		forget_register(program, number);
		break;
	case 0x0a: /* remember_state */
		if (program->depth < RT_FRAME_REMEMBER_DEPTH)
			program->remembered[program->depth] = program->row;
		program->depth++;
		break;
	case 0x0b: /* restore_state */
		if (program->depth && --program->depth < RT_FRAME_REMEMBER_DEPTH)
			program->row = program->remembered[program->depth];
		break;
	case 0x0c: /* def_cfa */
		number = rt_read_uleb(reader);
		set_cfa(program, number, (int64_t)rt_read_uleb(reader));
		break;
	case 0x12: /* def_cfa_sf */
		number = rt_read_uleb(reader);
		set_cfa(program, number, rt_read_sleb(reader) * cie->data_align);
		break;
	case 0x0d: /* def_cfa_register */
		set_cfa(program, rt_read_uleb(reader), program->row.cfa_offset);
		break;
	case 0x0e: /* def_cfa_offset */
		program->row.cfa_offset = (int64_t)rt_read_uleb(reader);
		break;
	case 0x13: /* def_cfa_offset_sf */
		program->row.cfa_offset = rt_read_sleb(reader) * cie->data_align;
		break;
	case 0x0f: /* def_cfa_expression */
		set_cfa_expression(program, rt_read_block(reader));
		break;
	case 0x10: /* expression */
		number = rt_read_uleb(reader);
		set_register_expression(program, number, rt_read_block(reader));
		break;
	case 0x16: /* val_expression */
		number = rt_read_uleb(reader);
		rt_read_block(reader);
		forget_register(program, number);
		break;
	case 0x2e: /* GNU_args_size */
		rt_read_uleb(reader);
		break;
	default: /* nop, and what takes no operands */
		break;
	}
}

static void step(struct rt_frame_program *program, struct rt_reader *reader)
{
	uint8_t op = *reader->at++;
	uint8_t low = op & 0x3f;
	if (op >> 6 == 1) /* advance_loc */
		program->location += low * program->cie.code_align;
	else if (op >> 6 == 2) /* offset */
		set_register(program, low, (int64_t)rt_read_uleb(reader) * program->cie.data_align);
	else if (op >> 6 == 3) /* restore */
		set_register(program, low, program->initial.bp_offset);
	else
		step_extended(program, reader, op);
}

/* Up to the first instruction that says what is so behind the target. */
static void run(struct rt_frame_program *program, uint64_t target)
{
	while (program->left.at < program->left.end) {
		struct rt_reader left = program->left;
		uint64_t location = program->location;
		step(program, &left);
		if (program->location > target) {
			program->location = location;
			return;
		}
		program->left = left;
	}
}

static bool fits(int64_t offset, unsigned bits)
{
	return offset < 1 << (bits - 1) && offset >= -(1 << (bits - 1));
}

static struct rt_frame_rule rule_of(const struct rt_frame_program *program)
{
	const struct rt_frame_row *row = &program->row;
	struct rt_frame_rule rule = {RT_FRAME_UNKNOWN, 0, 0, program->start};
	if (program->cie.signal_frame) {
		bool known = row->cfa_memory && row->cfa_register == REG_SP;
		rule.kind = RT_FRAME_SIGNAL;
		rule.cfa_offset = known ? (int32_t)row->cfa_offset - SP_IN_CONTEXT : 0;
		return rule;
	}
	if (row->return_undefined) {
		rule.kind = RT_FRAME_END;
		return rule;
	}
	if (row->cfa_unknown || row->bp_unknown || !fits(row->cfa_offset, RT_FRAME_CFA_BITS) ||
		!fits(row->bp_offset, RT_FRAME_BP_BITS))
		return rule;
	rule.kind = row->cfa_register == REG_SP   ? RT_FRAME_SP
		    : row->cfa_register != REG_BP ? RT_FRAME_UNKNOWN
		    : row->cfa_memory             ? RT_FRAME_BP_MEMORY
						  : RT_FRAME_BP;
	rule.cfa_offset = (int32_t)row->cfa_offset;
	rule.bp_offset = (int32_t)row->bp_offset;
	if (!row->bp_from_bp)
		return rule;
	if (rule.kind == RT_FRAME_BP_MEMORY)
		rule.kind = RT_FRAME_REALIGNED;
	else if (rule.kind == RT_FRAME_BP && fits(row->bp_offset - row->cfa_offset, RT_FRAME_BP_BITS))
		rule.bp_offset -= rule.cfa_offset;
	else
		rule.kind = RT_FRAME_UNKNOWN;
	return rule;
}

void rt_frame_program_begin(struct rt_frame_program *program, const struct rt_eh_fde *fde)
{
	program->cie = fde->cie;
	program->row = (struct rt_frame_row){.cfa_offset = 0};
	program->depth = 0;
	program->start = (uint32_t)fde->start & ((1u << RT_FRAME_START_BITS) - 1);
	program->location = fde->start;
	program->left = fde->cie.program;
	run(program, UINT64_MAX);
	program->initial = program->row;
	program->location = fde->start;
	program->left = fde->program;
}

struct rt_frame_rule rt_frame_program_rule(struct rt_frame_program *program, uintptr_t pc)
{
	run(program, pc);
	return rule_of(program);
}
