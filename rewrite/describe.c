#include "describe.h"

#include "shadow/filter.h"

#include <dlfcn.h>

static struct {
	ZydisDecoder decoder;
	__typeof__(&ZydisDecoderInit) init;
	__typeof__(&ZydisDecoderEnableMode) enable;
	__typeof__(&ZydisDecoderDecodeFull) decode;
	bool open;
} zydis;

/* ---- opening ---- */

static bool load(void *library)
{
	__typeof__(&ZydisGetVersion) version = (__typeof__(version))dlsym(library, "ZydisGetVersion");
	zydis.init = (__typeof__(zydis.init))dlsym(library, "ZydisDecoderInit");
	zydis.enable = (__typeof__(zydis.enable))dlsym(library, "ZydisDecoderEnableMode");
	zydis.decode = (__typeof__(zydis.decode))dlsym(library, "ZydisDecoderDecodeFull");
	return version && zydis.init && zydis.enable && zydis.decode &&
	       ZYDIS_VERSION_MAJOR(version()) == ZYDIS_VERSION_MAJOR(ZYDIS_VERSION) &&
	       ZYDIS_VERSION_MINOR(version()) == ZYDIS_VERSION_MINOR(ZYDIS_VERSION);
}

/* Linux has no MPX since 5.6, and no processor is made with it: what it added runs as the no-operations that it was before. */
static bool start(void)
{
	return ZYAN_SUCCESS(zydis.init(&zydis.decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)) &&
	       ZYAN_SUCCESS(zydis.enable(&zydis.decoder, ZYDIS_DECODER_MODE_MPX, ZYAN_FALSE));
}

const char *rt_describe_open(void)
{
	if (zydis.open)
		return NULL;
	if (!rt_filter_lets_load())
		return "the program has forbidden itself what loading a library needs (seccomp)";
	void *library = dlopen("libZydis.so.4.0", RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return "libZydis.so.4.0 cannot be loaded (Debian: libzydis4.0)";
	if (!load(library) || !start())
		return "libZydis.so.4.0 is not the Zydis 4.0 that this was built for";
	zydis.open = true;
	return NULL;
}

/* ---- what may not be copied, and where control goes ---- */

struct rt_part rt_part_of(ZydisRegister reg)
{
	if (reg >= ZYDIS_REGISTER_RAX && reg <= ZYDIS_REGISTER_R15)
		return (struct rt_part){(uint8_t)(reg - ZYDIS_REGISTER_RAX), 64};
	if (reg >= ZYDIS_REGISTER_EAX && reg <= ZYDIS_REGISTER_R15D)
		return (struct rt_part){(uint8_t)(reg - ZYDIS_REGISTER_EAX), 32};
	if (reg >= ZYDIS_REGISTER_AX && reg <= ZYDIS_REGISTER_R15W)
		return (struct rt_part){(uint8_t)(reg - ZYDIS_REGISTER_AX), 16};
	if (reg >= ZYDIS_REGISTER_AL && reg <= ZYDIS_REGISTER_BL)
		return (struct rt_part){(uint8_t)(reg - ZYDIS_REGISTER_AL), 8};
	if (reg >= ZYDIS_REGISTER_AH && reg <= ZYDIS_REGISTER_BH)
		return (struct rt_part){(uint8_t)(reg - ZYDIS_REGISTER_AH), 8};
	if (reg >= ZYDIS_REGISTER_SPL && reg <= ZYDIS_REGISTER_R15B)
		return (struct rt_part){(uint8_t)(reg - ZYDIS_REGISTER_SPL + RT_RSP), 8};
	return (struct rt_part){0, 0};
}

static bool writes_gs(const struct rt_decoded *decoded)
{
	for (unsigned i = 0; i < decoded->insn.operand_count; i++)
		if (decoded->operands[i].type == ZYDIS_OPERAND_TYPE_REGISTER &&
			decoded->operands[i].reg.value == ZYDIS_REGISTER_GS &&
			decoded->operands[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			return true;
	return false;
}

/* Emitted code keeps its slots by gs. With the eip as a base the copy would have another address. Of a branch with prefix 66
 * Intel's and AMD's processors have different opinions, and of how many bytes movsxd reads for 16 bits. */
static bool is_movable(const struct rt_decoded *decoded)
{
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_WRGSBASE:
	case ZYDIS_MNEMONIC_SWAPGS:
	case ZYDIS_MNEMONIC_XBEGIN:
	case ZYDIS_MNEMONIC_IRET:
	case ZYDIS_MNEMONIC_IRETD:
	case ZYDIS_MNEMONIC_IRETQ:
	case ZYDIS_MNEMONIC_UIRET:
	case ZYDIS_MNEMONIC_RSM:
	case ZYDIS_MNEMONIC_SYSENTER:
	case ZYDIS_MNEMONIC_SYSEXIT:
	case ZYDIS_MNEMONIC_SYSRET:
		return false;
	case ZYDIS_MNEMONIC_PAUSE: /* with REX.B some processors exchange registers */
		if (decoded->insn.raw.rex.B)
			return false;
		break;
	case ZYDIS_MNEMONIC_MOVSXD:
		if (decoded->insn.operand_width == 16)
			return false;
		break;
	default:
		break;
	}
	for (unsigned i = 0; i < decoded->insn.operand_count; i++)
		if (decoded->operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY &&
			decoded->operands[i].mem.base == ZYDIS_REGISTER_EIP)
			return false;
	if (decoded->insn.meta.branch_type != ZYDIS_BRANCH_TYPE_NONE &&
		decoded->insn.attributes & ZYDIS_ATTRIB_HAS_OPERANDSIZE && !decoded->insn.raw.rex.W)
		return false;
	return decoded->insn.meta.branch_type != ZYDIS_BRANCH_TYPE_FAR && !writes_gs(decoded);
}

static enum rt_flow flow_of(const struct rt_decoded *decoded)
{
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_XABORT: /* branches to Zydis */
	case ZYDIS_MNEMONIC_XEND:
		return RT_FLOW_NEXT;
	case ZYDIS_MNEMONIC_LOOP:
	case ZYDIS_MNEMONIC_LOOPE:
	case ZYDIS_MNEMONIC_LOOPNE:
	case ZYDIS_MNEMONIC_JRCXZ:
	case ZYDIS_MNEMONIC_JECXZ:
		return RT_FLOW_LOOP;
	case ZYDIS_MNEMONIC_UD0:
	case ZYDIS_MNEMONIC_UD1:
	case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_HLT:
	case ZYDIS_MNEMONIC_INT1:
	case ZYDIS_MNEMONIC_INT3:
		return RT_FLOW_STOP;
	default:
		break;
	}
	switch (decoded->insn.meta.category) {
	case ZYDIS_CATEGORY_COND_BR:
		return RT_FLOW_BRANCH;
	case ZYDIS_CATEGORY_UNCOND_BR:
		return decoded->operands[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE ? RT_FLOW_JUMP
										 : RT_FLOW_INDIRECT;
	case ZYDIS_CATEGORY_CALL:
		return RT_FLOW_CALL;
	case ZYDIS_CATEGORY_RET:
		return RT_FLOW_RETURN;
	default:
		return RT_FLOW_NEXT;
	}
}

static void describe_flow(const struct rt_decoded *decoded, struct rt_description *description)
{
	struct rt_insn *insn = &description->insn;
	const ZydisDecodedOperand *operand = &decoded->operands[0];
	insn->flow = (uint8_t)flow_of(decoded);
	insn->target = RT_NO_TARGET;
	insn->chooses = decoded->insn.meta.category == ZYDIS_CATEGORY_CMOV;
	if (insn->flow == RT_FLOW_BRANCH || insn->chooses)
		insn->condition = decoded->insn.opcode & 15;
	if (insn->flow == RT_FLOW_LOOP)
		insn->condition = decoded->insn.opcode;
	if (insn->flow == RT_FLOW_NEXT || !decoded->insn.operand_count ||
		operand->type != ZYDIS_OPERAND_TYPE_IMMEDIATE || !operand->imm.is_relative)
		return;
	description->has_relative = true;
	description->relative = insn->bytes + operand->imm.value.s;
}

/* ---- kinds ---- */

static bool has_memory(const struct rt_decoded *decoded)
{
	for (unsigned i = 0; i < decoded->insn.operand_count_visible; i++)
		if (decoded->operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY)
			return true;
	return false;
}

static void describe_kind(const struct rt_decoded *decoded, struct rt_insn *insn)
{
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_NOP:
		insn->is_nop = true;
		break;
	case ZYDIS_MNEMONIC_ENDBR64:
		insn->is_landing = true;
		break;
	case ZYDIS_MNEMONIC_XCHG:
		insn->is_locked = has_memory(decoded);
		break;
	case ZYDIS_MNEMONIC_MFENCE:
	case ZYDIS_MNEMONIC_LFENCE:
	case ZYDIS_MNEMONIC_SFENCE:
	case ZYDIS_MNEMONIC_CPUID:
	case ZYDIS_MNEMONIC_SERIALIZE:
	case ZYDIS_MNEMONIC_MCOMMIT:
		insn->is_fence = true;
		break;
	default:
		break;
	}
	insn->is_locked |= !!(decoded->insn.attributes & ZYDIS_ATTRIB_HAS_LOCK);
}

static void describe_layout(const struct rt_decoded *decoded, struct rt_description *description)
{
	const ZydisDecodedInstructionRaw *raw = &decoded->insn.raw;
	description->disp_at = raw->disp.offset;
	description->disp_bytes = raw->disp.size / 8;
	description->imm_at = raw->imm[0].offset;
	description->imm_bytes = (uint8_t)((raw->imm[0].size + raw->imm[1].size) / 8);
	for (unsigned i = 0; i < decoded->insn.operand_count_visible; i++)
		if (decoded->operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY &&
			decoded->operands[i].mem.base == ZYDIS_REGISTER_RIP)
			description->insn.pc_relative = raw->disp.offset;
}

/* Without a base, and with prefixes 67 and REX.B, Zydis 4.0 takes the displacement for r13d. */
static void correct_address(struct rt_decoded *decoded)
{
	const ZydisDecodedInstructionRaw *raw = &decoded->insn.raw;
	for (unsigned i = 0; i < decoded->insn.operand_count_visible; i++) {
		ZydisDecodedOperand *operand = &decoded->operands[i];
		if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY || operand->mem.base != ZYDIS_REGISTER_R13D ||
			raw->modrm.mod || raw->modrm.rm != 4 || raw->sib.base != 5)
			continue;
		operand->mem.base = ZYDIS_REGISTER_NONE;
		operand->mem.disp.has_displacement = ZYAN_TRUE;
		operand->mem.disp.value = raw->disp.value;
	}
}

bool rt_describe_operands(const uint8_t *code, size_t room, struct rt_decoded *decoded)
{
	if (ZYAN_FAILED(zydis.decode(&zydis.decoder, code, room, &decoded->insn, decoded->operands)) ||
		!is_movable(decoded))
		return false;
	correct_address(decoded);
	return true;
}

bool rt_describe(const uint8_t *code, size_t room, struct rt_description *description)
{
	struct rt_decoded decoded;
	if (!rt_describe_operands(code, room, &decoded))
		return false;
	rt_bytes_zero(description, sizeof(*description));
	struct rt_insn *insn = &description->insn;
	insn->bytes = decoded.insn.length;
	describe_layout(&decoded, description);
	describe_flow(&decoded, description);
	describe_kind(&decoded, insn);
	rt_describe_registers(&decoded, insn);
	rt_describe_flags(&decoded, insn);
	rt_describe_frame(&decoded, insn);
	rt_describe_memories(&decoded, insn);
	return true;
}
