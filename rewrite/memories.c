/* What an instruction reads and writes of memory. */
#include "describe.h"

/* Of what fxsave is given room for, the last part stays as it is. */
enum { FXSAVE_BYTES = 512, FXSAVE_USED = 416, STATE_BYTES = 4096, TILE_BYTES = 1024 };

static bool is_prefetch(const struct rt_decoded *decoded)
{
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_PREFETCH:
	case ZYDIS_MNEMONIC_PREFETCHNTA:
	case ZYDIS_MNEMONIC_PREFETCHT0:
	case ZYDIS_MNEMONIC_PREFETCHT1:
	case ZYDIS_MNEMONIC_PREFETCHT2:
	case ZYDIS_MNEMONIC_PREFETCHW:
	case ZYDIS_MNEMONIC_PREFETCHWT1:
		return true;
	default:
		return false;
	}
}

/* Operands in memory that are only named: hints, traps, addresses watched. */
static bool touches_nothing(const struct rt_decoded *decoded)
{
	switch (decoded->insn.meta.category) {
	case ZYDIS_CATEGORY_NOP:
	case ZYDIS_CATEGORY_WIDENOP:
	case ZYDIS_CATEGORY_CLDEMOTE:
	case ZYDIS_CATEGORY_CLFLUSHOPT:
	case ZYDIS_CATEGORY_CLWB:
		return true;
	default:
		break;
	}
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_CLFLUSH:
	case ZYDIS_MNEMONIC_INVLPG:
	case ZYDIS_MNEMONIC_LEA:
	case ZYDIS_MNEMONIC_MONITOR:
	case ZYDIS_MNEMONIC_MONITORX:
	case ZYDIS_MNEMONIC_NOP:
	case ZYDIS_MNEMONIC_UD0:
	case ZYDIS_MNEMONIC_UD1:
	case ZYDIS_MNEMONIC_UMONITOR:
	case ZYDIS_MNEMONIC_VGATHERPF0DPD:
	case ZYDIS_MNEMONIC_VGATHERPF0DPS:
	case ZYDIS_MNEMONIC_VGATHERPF0QPD:
	case ZYDIS_MNEMONIC_VGATHERPF0QPS:
	case ZYDIS_MNEMONIC_VGATHERPF1DPD:
	case ZYDIS_MNEMONIC_VGATHERPF1DPS:
	case ZYDIS_MNEMONIC_VGATHERPF1QPD:
	case ZYDIS_MNEMONIC_VGATHERPF1QPS:
	case ZYDIS_MNEMONIC_VSCATTERPF0DPD:
	case ZYDIS_MNEMONIC_VSCATTERPF0DPS:
	case ZYDIS_MNEMONIC_VSCATTERPF0QPD:
	case ZYDIS_MNEMONIC_VSCATTERPF0QPS:
	case ZYDIS_MNEMONIC_VSCATTERPF1DPD:
	case ZYDIS_MNEMONIC_VSCATTERPF1DPS:
	case ZYDIS_MNEMONIC_VSCATTERPF1QPD:
	case ZYDIS_MNEMONIC_VSCATTERPF1QPS:
		return true;
	default:
		return false;
	}
}

static bool is_state(const struct rt_decoded *decoded)
{
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_FNSAVE:
	case ZYDIS_MNEMONIC_FRSTOR:
	case ZYDIS_MNEMONIC_FXRSTOR:
	case ZYDIS_MNEMONIC_FXRSTOR64:
	case ZYDIS_MNEMONIC_FXSAVE:
	case ZYDIS_MNEMONIC_FXSAVE64:
		return true;
	case ZYDIS_MNEMONIC_XGETBV:
	case ZYDIS_MNEMONIC_XSETBV:
		return false;
	default:
		return decoded->insn.meta.category == ZYDIS_CATEGORY_XSAVE ||
		       decoded->insn.meta.category == ZYDIS_CATEGORY_XSAVEOPT;
	}
}

/* The stack words of push, pop, call, ret, enter and leave. */
static bool is_stack_word(const ZydisDecodedOperand *operand)
{
	return operand->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN &&
	       (operand->mem.base == ZYDIS_REGISTER_RSP || operand->mem.base == ZYDIS_REGISTER_RBP);
}

static void describe_address(
	const struct rt_decoded *decoded, const ZydisDecodedOperand *operand, struct rt_memory *memory)
{
	struct rt_part base = rt_part_of(operand->mem.base), index = rt_part_of(operand->mem.index);
	memory->base = base.bits                                 ? base.reg
		       : operand->mem.base == ZYDIS_REGISTER_RIP ? RT_REG_PC
								 : RT_REG_NONE;
	memory->index = index.bits ? index.reg : RT_REG_NONE;
	memory->scale = index.bits && operand->mem.scale ? operand->mem.scale : 1;
	memory->displacement = operand->mem.disp.has_displacement ? operand->mem.disp.value : 0;
	memory->narrow = decoded->insn.address_width == 32;
	if (memory->base == RT_REG_PC)
		memory->displacement += decoded->insn.length;
	if (decoded->insn.mnemonic == ZYDIS_MNEMONIC_XLAT)
		memory->index = RT_REG_NONE;
	/* pop's address is that of after its increment */
	if (memory->base == RT_RSP && decoded->insn.mnemonic == ZYDIS_MNEMONIC_POP)
		memory->displacement += operand->size / 8;
	if (operand->mem.segment == ZYDIS_REGISTER_FS)
		memory->segment = RT_SEGMENT_FS;
	if (operand->mem.segment == ZYDIS_REGISTER_GS)
		memory->segment = RT_SEGMENT_GS;
}

static void leave_out(struct rt_memory *memory, enum rt_skip skip, unsigned bytes)
{
	memory->form = RT_FORM_OTHER;
	memory->skip = (uint8_t)skip;
	memory->bytes = (uint16_t)bytes;
}

static void describe_state(
	const struct rt_decoded *decoded, const ZydisDecodedOperand *operand, struct rt_memory *memory)
{
	if (decoded->insn.meta.category == ZYDIS_CATEGORY_XSAVE ||
		decoded->insn.meta.category == ZYDIS_CATEGORY_XSAVEOPT)
		leave_out(memory, RT_SKIP_STATE, STATE_BYTES);
	else
		memory->bytes = operand->size / 8 == FXSAVE_BYTES ? FXSAVE_USED : operand->size / 8;
}

/* What has an offset that is a thread's own, and nothing else, is one of its variables. An address that is computed may be any. */
static void describe_segment(struct rt_memory *memory)
{
	bool is_own = memory->base == RT_REG_NONE && memory->index == RT_REG_NONE;
	if (!memory->segment || memory->skip)
		return;
	if (is_own || memory->segment == RT_SEGMENT_GS)
		memory->skip = RT_SKIP_THREAD;
	else if (memory->form != RT_FORM_PLAIN || memory->narrow || memory->base == RT_REG_PC)
		leave_out(memory, RT_SKIP_FORM, memory->bytes);
}

static void describe_form(
	const struct rt_decoded *decoded, const ZydisDecodedOperand *operand, struct rt_memory *memory)
{
	unsigned bytes = operand->size / 8;
	memory->bytes = (uint16_t)(bytes < TILE_BYTES ? bytes : TILE_BYTES);
	if (is_state(decoded))
		describe_state(decoded, operand, memory);
	else if (!rt_describe_spread(decoded, operand, memory) || !memory->bytes || memory->bytes > 64)
		leave_out(memory, RT_SKIP_FORM, memory->bytes ? memory->bytes : TILE_BYTES);
	describe_segment(memory);
}

/* An operand that is an address and no access. */
static bool describe_place(const struct rt_decoded *decoded, struct rt_insn *insn)
{
	for (unsigned i = 0; i < decoded->insn.operand_count; i++)
		if (decoded->operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY) {
			describe_address(decoded, &decoded->operands[i], &insn->memory[0]);
			return true;
		}
	return false;
}

void rt_describe_memories(const struct rt_decoded *decoded, struct rt_insn *insn)
{
	if (is_prefetch(decoded)) {
		insn->prefetches = describe_place(decoded, insn) && !insn->memory[0].segment;
		return;
	}
	if (decoded->insn.mnemonic == ZYDIS_MNEMONIC_LEA) {
		insn->addresses = describe_place(decoded, insn);
		return;
	}
	if (touches_nothing(decoded))
		return;
	if (decoded->insn.mnemonic ==
		ZYDIS_MNEMONIC_CLZERO) /* Zydis has no operand for it: the line around rax */
		insn->memory[insn->memories++] = (struct rt_memory){.bytes = 64,
			.base = RT_RAX,
			.index = RT_REG_NONE,
			.scale = 1,
			.form = RT_FORM_OTHER,
			.skip = RT_SKIP_FORM,
			.write = true};
	for (unsigned i = 0; i < decoded->insn.operand_count; i++) {
		const ZydisDecodedOperand *operand = &decoded->operands[i];
		if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY ||
			operand->mem.type == ZYDIS_MEMOP_TYPE_AGEN || is_stack_word(operand) ||
			insn->memories == RT_COUNT(insn->memory))
			continue;
		struct rt_memory *memory = &insn->memory[insn->memories++];
		describe_address(decoded, operand, memory);
		describe_form(decoded, operand, memory);
		memory->read = operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ;
		memory->write = operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE;
	}
}
