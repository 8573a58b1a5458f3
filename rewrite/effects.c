/* What an instruction reads and writes of registers and flags. */
#include "describe.h"

/* ---- strings ---- */

bool rt_is_string(const struct rt_decoded *decoded)
{
	return decoded->insn.meta.category == ZYDIS_CATEGORY_STRINGOP ||
	       decoded->insn.meta.category == ZYDIS_CATEGORY_IOSTRINGOP;
}

/* F2 repeats movs, lods and stos as F3 does, whatever the manual's name for it is. */
bool rt_is_repeated(const struct rt_decoded *decoded)
{
	if (!rt_is_string(decoded))
		return false;
	for (unsigned i = 0; i < decoded->insn.raw.prefix_count; i++)
		if ((decoded->insn.raw.prefixes[i].value | 1) == 0xf3)
			return true;
	return false;
}

/* ---- registers ---- */

static void use_address(const ZydisDecodedOperand *operand, struct rt_insn *insn)
{
	struct rt_part base = rt_part_of(operand->mem.base), index = rt_part_of(operand->mem.index);
	if (base.bits)
		insn->uses |= 1u << base.reg;
	if (index.bits)
		insn->uses |= 1u << index.reg;
}

/* Or of the x87. */
static bool is_vector(const ZydisDecodedOperand *operand)
{
	ZydisRegister reg = operand->reg.value;
	return operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ && reg >= ZYDIS_REGISTER_ST0 &&
	       reg <= ZYDIS_REGISTER_ZMM31;
}

static void use_register(const ZydisDecodedOperand *operand, struct rt_insn *insn)
{
	struct rt_part part = rt_part_of(operand->reg.value);
	rt_regs_t bit = 1u << part.reg;
	if (!part.bits) {
		insn->uses_vectors |= is_vector(operand);
		return;
	}
	if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ)
		insn->uses |= bit;
	if (!(operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
		return;
	insn->changes |= bit;
	if (part.bits < 32 || operand->actions & ZYDIS_OPERAND_ACTION_CONDWRITE)
		insn->uses |= bit;
	else
		insn->sets |= bit;
}

/* What is written may stay as it was, or partly so, though Zydis does not say it. */
static bool may_leave_result(const struct rt_decoded *decoded)
{
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_BSF: /* of 0 */
	case ZYDIS_MNEMONIC_BSR:
	case ZYDIS_MNEMONIC_TZCNT: /* which is bsf on old processors */
	case ZYDIS_MNEMONIC_LZCNT:
	case ZYDIS_MNEMONIC_CMPXCHG:
	case ZYDIS_MNEMONIC_CMPXCHG8B:
	case ZYDIS_MNEMONIC_CMPXCHG16B:
	case ZYDIS_MNEMONIC_LAR:
	case ZYDIS_MNEMONIC_LSL:
	case ZYDIS_MNEMONIC_RDSSPD: /* a no-operation without shadow stacks */
	case ZYDIS_MNEMONIC_RDSSPQ:
	case ZYDIS_MNEMONIC_SLDT: /* the upper half */
	case ZYDIS_MNEMONIC_SMSW:
	case ZYDIS_MNEMONIC_STR:
	case ZYDIS_MNEMONIC_XABORT:
		return true;
	default:
		return decoded->insn.meta.category == ZYDIS_CATEGORY_CMOV || rt_is_repeated(decoded);
	}
}

/* Privileged and virtual machines' instructions, of which only that they are there has to be known. */
static bool is_opaque(const struct rt_decoded *decoded)
{
	switch (decoded->insn.meta.isa_ext) {
	case ZYDIS_ISA_EXT_PADLOCK:
	case ZYDIS_ISA_EXT_SGX:
	case ZYDIS_ISA_EXT_SGX_ENCLV:
	case ZYDIS_ISA_EXT_SMX:
	case ZYDIS_ISA_EXT_SVM:
	case ZYDIS_ISA_EXT_TDX:
	case ZYDIS_ISA_EXT_VMFUNC:
	case ZYDIS_ISA_EXT_VTX:
		return true;
	default:
		return decoded->insn.mnemonic == ZYDIS_MNEMONIC_SYSCALL ||
		       decoded->insn.mnemonic == ZYDIS_MNEMONIC_INT;
	}
}

/* The result is the same whatever the register has in it. */
static bool is_zero_idiom(const struct rt_decoded *decoded)
{
	const ZydisDecodedOperand *operands = decoded->operands;
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_SBB: /* depends on the carry */
	case ZYDIS_MNEMONIC_SUB:
	case ZYDIS_MNEMONIC_XOR:
		return operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
		       operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER &&
		       operands[0].reg.value == operands[1].reg.value && operands[0].size >= 32;
	default:
		return false;
	}
}

void rt_describe_registers(const struct rt_decoded *decoded, struct rt_insn *insn)
{
	insn->uses = 1u << RT_RSP;
	if (insn->is_nop)
		return;
	for (unsigned i = 0; i < decoded->insn.operand_count; i++) {
		if (decoded->operands[i].type == ZYDIS_OPERAND_TYPE_REGISTER)
			use_register(&decoded->operands[i], insn);
		else if (decoded->operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY)
			use_address(&decoded->operands[i], insn);
	}
	if (rt_is_string(decoded)) /* of cmps and scas Zydis does not say it */
		insn->changes |= insn->uses & (1u << RT_RSI | 1u << RT_RDI);
	if (rt_is_repeated(decoded)) {
		insn->uses |= 1u << RT_RCX;
		insn->changes |= 1u << RT_RCX;
	}
	if (may_leave_result(decoded)) {
		insn->uses |= insn->changes;
		insn->sets = 0;
	}
	if (is_zero_idiom(decoded))
		insn->uses &= ~insn->sets | 1u << RT_RSP;
	if (decoded->insn.mnemonic == ZYDIS_MNEMONIC_SYSCALL)
		insn->changes |= 1u << RT_RAX; /* the kernel's; rcx and r11 are the processor's */
	else if (insn->flow == RT_FLOW_CALL || is_opaque(decoded))
		insn->changes |= RT_REGS_ALL;
	if (insn->flow == RT_FLOW_CALL || insn->flow == RT_FLOW_RETURN || is_opaque(decoded)) {
		insn->uses |= RT_REGS_ALL;
		insn->sets = 0;
	}
	insn->sets &= ~(1u << RT_RSP);
}

/* ---- flags ---- */

static rt_regs_t flags_of(ZydisAccessedFlagsMask mask)
{
	_Static_assert(RT_FLAG_CF == ZYDIS_CPUFLAG_CF << 16, "by the lowest");
	return (mask & ZYDIS_CPUFLAG_CF ? RT_FLAG_CF : 0) | (mask & ZYDIS_CPUFLAG_PF ? RT_FLAG_PF : 0) |
	       (mask & ZYDIS_CPUFLAG_AF ? RT_FLAG_AF : 0) | (mask & ZYDIS_CPUFLAG_ZF ? RT_FLAG_ZF : 0) |
	       (mask & ZYDIS_CPUFLAG_SF ? RT_FLAG_SF : 0) | (mask & ZYDIS_CPUFLAG_OF ? RT_FLAG_OF : 0);
}

enum shift {
	NO_SHIFT,
	SHIFT_SOME,  /* a constant that is not 0 */
	SHIFT_MAYBE, /* by cl, or a constant that is 0 */
};

/* Takes the count of a narrow operand modulo 9 or 17, or does nothing that is defined beyond the operand's bits. */
static bool wraps_around(const ZydisDecodedInstruction *insn)
{
	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_RCL:
	case ZYDIS_MNEMONIC_RCR:
	case ZYDIS_MNEMONIC_SHLD:
	case ZYDIS_MNEMONIC_SHRD:
		return insn->opcode != 0xd0 && insn->opcode != 0xd1;
	default:
		return false;
	}
}

static enum shift shift_of(const struct rt_decoded *decoded)
{
	const ZydisDecodedInstruction *insn = &decoded->insn;
	const ZydisDecodedOperand *count = &decoded->operands[insn->operand_count_visible - 1];
	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_RCL:
	case ZYDIS_MNEMONIC_RCR:
	case ZYDIS_MNEMONIC_ROL:
	case ZYDIS_MNEMONIC_ROR:
	case ZYDIS_MNEMONIC_SAR:
	case ZYDIS_MNEMONIC_SHL:
	case ZYDIS_MNEMONIC_SHLD:
	case ZYDIS_MNEMONIC_SHR:
	case ZYDIS_MNEMONIC_SHRD:
		break;
	default:
		return NO_SHIFT;
	}
	if (count->type != ZYDIS_OPERAND_TYPE_IMMEDIATE)
		return SHIFT_MAYBE;
	if (decoded->operands[0].size < 32 && wraps_around(insn))
		return SHIFT_MAYBE;
	return count->imm.value.u & (decoded->operands[0].size == 64 ? 63 : 31) ? SHIFT_SOME : SHIFT_MAYBE;
}

/* What the manual calls undefined after these, no processor keeps. Elsewhere it is counted neither as set nor as used. */
static bool sets_undefined(const struct rt_decoded *decoded)
{
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_AND:
	case ZYDIS_MNEMONIC_OR:
	case ZYDIS_MNEMONIC_TEST:
	case ZYDIS_MNEMONIC_XOR:
		return true;
	case ZYDIS_MNEMONIC_SAR:
	case ZYDIS_MNEMONIC_SHL:
	case ZYDIS_MNEMONIC_SHLD:
	case ZYDIS_MNEMONIC_SHR:
	case ZYDIS_MNEMONIC_SHRD:
		return shift_of(decoded) == SHIFT_SOME;
	default:
		return false;
	}
}

/* The manual tells of flags that Zydis calls undefined or does not speak of. */
static bool sets_all(const struct rt_decoded *decoded)
{
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_SBB:
	case ZYDIS_MNEMONIC_VPTEST:
	case ZYDIS_MNEMONIC_VTESTPD:
	case ZYDIS_MNEMONIC_VTESTPS:
		return true;
	default:
		return false;
	}
}

void rt_describe_flags(const struct rt_decoded *decoded, struct rt_insn *insn)
{
	if (insn->flow == RT_FLOW_CALL) {
		insn->sets |= RT_FLAGS_ALL;
		return;
	}
	if (is_opaque(decoded))
		insn->uses |= RT_FLAGS_ALL;
	const ZydisAccessedFlags *flags = decoded->insn.cpu_flags;
	if (!flags)
		return;
	rt_regs_t undefined = flags_of(flags->undefined);
	rt_regs_t sets = flags_of(flags->modified | flags->set_0 | flags->set_1);
	insn->uses |= flags_of(flags->tested);
	if (shift_of(decoded) == SHIFT_MAYBE || rt_is_repeated(decoded) || is_opaque(decoded)) {
		insn->uses |= sets | undefined;
		return;
	}
	/* on processors that run them as bsf and bsr, the carry is undefined */
	if (decoded->insn.mnemonic == ZYDIS_MNEMONIC_TZCNT ||
		decoded->insn.mnemonic == ZYDIS_MNEMONIC_LZCNT) {
		sets &= ~RT_FLAG_CF;
		insn->uses |= RT_FLAG_CF;
	}
	if (sets_all(decoded))
		sets = RT_FLAGS_ALL;
	insn->sets |= sets;
	if (sets_undefined(decoded))
		insn->sets |= undefined;
}

/* ---- the stack frame ---- */

static bool is_frame(ZydisRegister reg)
{
	struct rt_part part = rt_part_of(reg);
	return part.bits && (part.reg == RT_RSP || part.reg == RT_RBP);
}

static bool is_register(const ZydisDecodedOperand *operand, unsigned reg, unsigned least_bits)
{
	struct rt_part part = rt_part_of(operand->reg.value);
	return operand->type == ZYDIS_OPERAND_TYPE_REGISTER && part.bits >= least_bits && part.bits &&
	       part.reg == reg;
}

static bool leas_frame(const struct rt_decoded *decoded)
{
	const ZydisDecodedOperand *result = &decoded->operands[0], *address = &decoded->operands[1];
	if (decoded->insn.mnemonic != ZYDIS_MNEMONIC_LEA || is_register(result, RT_RSP, 64))
		return false;
	if (address->mem.base == ZYDIS_REGISTER_RSP || address->mem.base == ZYDIS_REGISTER_ESP)
		return true;
	return result->size == 64 && (is_frame(address->mem.base) || is_frame(address->mem.index));
}

/* Its operands may hold an address of the frame, and no other register or memory gets to know it. */
static bool keeps_secret(const struct rt_decoded *decoded)
{
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_CMP:
	case ZYDIS_MNEMONIC_TEST:
	case ZYDIS_MNEMONIC_NOP:
	case ZYDIS_MNEMONIC_LEAVE:
		return true;
	default:
		return decoded->insn.meta.category == ZYDIS_CATEGORY_CALL ||
		       decoded->insn.meta.category == ZYDIS_CATEGORY_UNCOND_BR;
	}
}

static bool exchanges(const struct rt_decoded *decoded)
{
	return decoded->insn.mnemonic == ZYDIS_MNEMONIC_XCHG ||
	       decoded->insn.mnemonic == ZYDIS_MNEMONIC_XADD ||
	       decoded->insn.mnemonic == ZYDIS_MNEMONIC_CMPXCHG;
}

/* mov rbp, rsp and mov rsp, rbp, add rsp, rax: the address stays in the two. */
static bool stays_in_frame(const struct rt_decoded *decoded, const ZydisDecodedOperand *source)
{
	const ZydisDecodedOperand *result = &decoded->operands[0];
	bool from_rsp = is_register(source, RT_RSP, 8);
	if (result == source)
		return result->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE && !exchanges(decoded);
	if (exchanges(decoded))
		return false;
	/* rbp may be data, saved in a slot of the frame */
	if (result->type == ZYDIS_OPERAND_TYPE_MEMORY)
		return !from_rsp && is_frame(result->mem.base);
	return is_register(result, RT_RSP, 64) || (!from_rsp && is_register(result, RT_RBP, 64));
}

void rt_describe_frame(const struct rt_decoded *decoded, struct rt_insn *insn)
{
	const ZydisDecodedOperand *operands = decoded->operands;
	insn->takes_frame = leas_frame(decoded) || decoded->insn.mnemonic == ZYDIS_MNEMONIC_ENTER;
	if (decoded->insn.mnemonic == ZYDIS_MNEMONIC_MOV && is_register(&operands[0], RT_RBP, 64) &&
		is_register(&operands[1], RT_RSP, 64)) {
		insn->sets_rbp_frame = true;
		return;
	}
	if (keeps_secret(decoded))
		return;
	for (unsigned i = 0; i < decoded->insn.operand_count_visible; i++) {
		bool from_rsp = is_register(&operands[i], RT_RSP, 8);
		bool from_rbp = is_register(&operands[i], RT_RBP, 64) &&
				decoded->insn.meta.category != ZYDIS_CATEGORY_PUSH;
		if ((from_rsp || from_rbp) && operands[i].actions & ZYDIS_OPERAND_ACTION_MASK_READ &&
			!stays_in_frame(decoded, &operands[i]))
			insn->takes_frame = true;
	}
}
