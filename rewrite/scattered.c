/* Operands in memory of which some bytes are accessed, or others than those at their address: what the manual says of them. */
#include "describe.h"

/* The first operand that is a vector register. */
static const ZydisDecodedOperand *vector_operand(const struct rt_decoded *decoded)
{
	for (unsigned i = 0; i < decoded->insn.operand_count_visible; i++)
		if (decoded->operands[i].type == ZYDIS_OPERAND_TYPE_REGISTER &&
			rt_vector_number(decoded->operands[i].reg.value) != RT_NO_VECTOR)
			return &decoded->operands[i];
	return NULL;
}

/* The last one. */
static unsigned last_vector(const struct rt_decoded *decoded)
{
	unsigned number = RT_NO_VECTOR;
	for (unsigned i = 0; i < decoded->insn.operand_count_visible; i++)
		if (decoded->operands[i].type == ZYDIS_OPERAND_TYPE_REGISTER)
			number = rt_vector_number(decoded->operands[i].reg.value);
	return number;
}

static bool set_elements(struct rt_memory *memory, unsigned bytes)
{
	if (!bytes || bytes > 8 || bytes & (bytes - 1))
		return false;
	memory->elements |= (uint8_t)__builtin_ctz(bytes);
	return true;
}

static bool set_spread(struct rt_memory *memory, enum rt_spread spread)
{
	memory->form = RT_FORM_SPREAD;
	memory->elements |= memory->narrow ? RT_ELEMENT_NARROW : 0;
	memory->spread = (uint8_t)spread;
	return true;
}

/* ---- masks that are vectors ---- */

static bool describe_signs(struct rt_memory *memory, unsigned bytes, ZydisRegister mask, bool is_legacy)
{
	if (rt_vector_number(mask) >= 16 || !set_elements(memory, bytes))
		return false;
	memory->mask = (uint8_t)rt_vector_number(mask);
	memory->elements |= is_legacy ? RT_ELEMENT_LEGACY : 0;
	return set_spread(memory, RT_SPREAD_ELEMENT);
}

/* maskmovdqu: explicit operands alone. */
static ZydisRegister mask_of_bytes(const struct rt_decoded *decoded)
{
	return decoded->operands[decoded->insn.operand_count_visible - 1].reg.value;
}

/* ---- masks that are bits ---- */

/* A scalar has one element, whatever its register has room for. */
static unsigned elements_of(const struct rt_decoded *decoded, const ZydisDecodedOperand *operand)
{
	const ZydisDecodedOperand *vector = vector_operand(decoded);
	if (!vector)
		return operand->element_count;
	return operand->element_size ? vector->element_count : 0;
}

static bool is_packed(ZydisMnemonic mnemonic)
{
	switch (mnemonic) {
	case ZYDIS_MNEMONIC_VCOMPRESSPD:
	case ZYDIS_MNEMONIC_VCOMPRESSPS:
	case ZYDIS_MNEMONIC_VEXPANDPD:
	case ZYDIS_MNEMONIC_VEXPANDPS:
	case ZYDIS_MNEMONIC_VPCOMPRESSB:
	case ZYDIS_MNEMONIC_VPCOMPRESSD:
	case ZYDIS_MNEMONIC_VPCOMPRESSQ:
	case ZYDIS_MNEMONIC_VPCOMPRESSW:
	case ZYDIS_MNEMONIC_VPEXPANDB:
	case ZYDIS_MNEMONIC_VPEXPANDD:
	case ZYDIS_MNEMONIC_VPEXPANDQ:
	case ZYDIS_MNEMONIC_VPEXPANDW:
		return true;
	default:
		return false;
	}
}

/* An element of the result is made of one element of memory, which is not read where the mask leaves the result out: the
 * manual's exception classes with "fault suppression" of which the mask's bits are the elements', one by one. */
static bool is_by_elements(const struct rt_decoded *decoded)
{
	switch (decoded->insn.meta.exception_class) {
	case ZYDIS_EXCEPTION_CLASS_E1:
	case ZYDIS_EXCEPTION_CLASS_E2:
	case ZYDIS_EXCEPTION_CLASS_E3:
	case ZYDIS_EXCEPTION_CLASS_E4:
	case ZYDIS_EXCEPTION_CLASS_E5:
	case ZYDIS_EXCEPTION_CLASS_E6:
	case ZYDIS_EXCEPTION_CLASS_E10:
	case ZYDIS_EXCEPTION_CLASS_E11:
		return true;
	default:
		return false;
	}
}

/* "No fault suppression": the memory is read, whatever the mask says. What is written goes by the mask all the same. */
static bool is_whole(const struct rt_decoded *decoded, const ZydisDecodedOperand *operand)
{
	if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
		return false;
	switch (decoded->insn.meta.exception_class) {
	case ZYDIS_EXCEPTION_CLASS_E4NF:
	case ZYDIS_EXCEPTION_CLASS_E5NF:
	case ZYDIS_EXCEPTION_CLASS_E6NF:
	case ZYDIS_EXCEPTION_CLASS_E9NF:
	case ZYDIS_EXCEPTION_CLASS_E10NF:
		return true;
	default:
		return false;
	}
}

/* Of one element of memory all elements of the result are made. */
static bool is_broadcast(const struct rt_decoded *decoded)
{
	return decoded->insn.avx.broadcast.mode != ZYDIS_BROADCAST_MODE_INVALID;
}

static bool describe_masked(
	const struct rt_decoded *decoded, const ZydisDecodedOperand *operand, struct rt_memory *memory)
{
	unsigned count = elements_of(decoded, operand), bytes = operand->element_size / 8;
	if (is_whole(decoded, operand))
		return true;
	memory->mask = (uint8_t)(decoded->insn.avx.mask.reg - ZYDIS_REGISTER_K0);
	if (is_broadcast(decoded) && operand->element_count == 1 && count <= 32) {
		memory->vector = (uint8_t)count;
		set_spread(memory, RT_SPREAD_ANY);
	} else if (is_packed(decoded->insn.mnemonic)) {
		set_spread(memory, RT_SPREAD_PACKED);
	} else if (is_by_elements(decoded) && operand->element_count == count &&
		   bytes * count == memory->bytes) {
		set_spread(memory, RT_SPREAD_ELEMENT);
	} else {
		return false;
	}
	if (!set_elements(memory, bytes))
		return false;
	memory->elements |= RT_ELEMENT_BITS;
	return true;
}

/* ---- gathers and scatters ---- */

/* Bytes of an index and of an element; index 0: it is none of these. */
struct gather {
	uint8_t index, element;
};

static struct gather gather_of(ZydisMnemonic mnemonic)
{
	switch (mnemonic) {
	case ZYDIS_MNEMONIC_VGATHERDPS:
	case ZYDIS_MNEMONIC_VPGATHERDD:
	case ZYDIS_MNEMONIC_VSCATTERDPS:
	case ZYDIS_MNEMONIC_VPSCATTERDD:
		return (struct gather){4, 4};
	case ZYDIS_MNEMONIC_VGATHERDPD:
	case ZYDIS_MNEMONIC_VPGATHERDQ:
	case ZYDIS_MNEMONIC_VSCATTERDPD:
	case ZYDIS_MNEMONIC_VPSCATTERDQ:
		return (struct gather){4, 8};
	case ZYDIS_MNEMONIC_VGATHERQPS:
	case ZYDIS_MNEMONIC_VPGATHERQD:
	case ZYDIS_MNEMONIC_VSCATTERQPS:
	case ZYDIS_MNEMONIC_VPSCATTERQD:
		return (struct gather){8, 4};
	case ZYDIS_MNEMONIC_VGATHERQPD:
	case ZYDIS_MNEMONIC_VPGATHERQQ:
	case ZYDIS_MNEMONIC_VSCATTERQPD:
	case ZYDIS_MNEMONIC_VPSCATTERQQ:
		return (struct gather){8, 8};
	default:
		return (struct gather){0, 0};
	}
}

static bool describe_gather(
	const struct rt_decoded *decoded, const ZydisDecodedOperand *operand, struct rt_memory *memory)
{
	struct gather gather = gather_of(decoded->insn.mnemonic);
	const ZydisDecodedOperand *value = vector_operand(decoded);
	bool by_bits = decoded->insn.encoding == ZYDIS_INSTRUCTION_ENCODING_EVEX;
	if (!gather.index || !value)
		return false;
	unsigned indices = rt_vector_bytes(operand->mem.index) / gather.index,
		 values = rt_vector_bytes(value->reg.value) / gather.element;
	memory->bytes = (uint16_t)((indices < values ? indices : values) * gather.element);
	memory->vector = (uint8_t)rt_vector_number(operand->mem.index);
	memory->mask = (uint8_t)(by_bits ? (unsigned)(decoded->insn.avx.mask.reg - ZYDIS_REGISTER_K0)
					 : last_vector(decoded));
	set_elements(memory, gather.element);
	memory->elements |=
		(uint8_t)((by_bits ? RT_ELEMENT_BITS : 0) | (gather.index == 8 ? RT_ELEMENT_QUAD : 0) |
			  (unsigned)__builtin_ctz(operand->mem.scale | 16) << RT_ELEMENT_SCALE);
	return set_spread(memory, RT_SPREAD_GATHER);
}

/* ---- general registers ---- */

static bool describe_bit(const struct rt_decoded *decoded, struct rt_memory *memory)
{
	const ZydisDecodedOperand *number = &decoded->operands[1];
	if (number->type != ZYDIS_OPERAND_TYPE_REGISTER)
		return true;
	memory->vector = rt_part_of(number->reg.value).reg;
	return set_spread(memory, RT_SPREAD_BIT);
}

static bool describe_string(const struct rt_decoded *decoded, struct rt_memory *memory)
{
	bool equal = false;
	memory->form = RT_FORM_STRING;
	memory->repeated = rt_is_repeated(decoded);
	for (unsigned i = 0; i < decoded->insn.raw.prefix_count; i++)
		if ((decoded->insn.raw.prefixes[i].value | 1) == 0xf3)
			equal = decoded->insn.raw.prefixes[i].value == 0xf3; /* the last one counts */
	switch (decoded->insn.opcode) {
	case 0xa6: /* cmps */
	case 0xa7:
		memory->vector = equal ? RT_SEARCH_EQUAL : 0;
		break;
	case 0xae: /* scas */
	case 0xaf:
		memory->vector = RT_SEARCH_REGISTER | (equal ? RT_SEARCH_EQUAL : 0);
		break;
	default:
		return true;
	}
	memory->spread = memory->repeated ? RT_SPREAD_SEARCH : RT_SPREAD_NONE;
	return !memory->narrow || !memory->repeated;
}

bool rt_describe_spread(
	const struct rt_decoded *decoded, const ZydisDecodedOperand *operand, struct rt_memory *memory)
{
	const ZydisDecodedInstruction *insn = &decoded->insn;
	if (operand->mem.type == ZYDIS_MEMOP_TYPE_VSIB)
		return describe_gather(decoded, operand, memory);
	if (operand->mem.type != ZYDIS_MEMOP_TYPE_MEM || insn->meta.category == ZYDIS_CATEGORY_PADLOCK ||
		insn->meta.category == ZYDIS_CATEGORY_IOSTRINGOP)
		return false;
	if (insn->avx.mask.mode > ZYDIS_MASK_MODE_DISABLED)
		return describe_masked(decoded, operand, memory);
	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_BT:
	case ZYDIS_MNEMONIC_BTC:
	case ZYDIS_MNEMONIC_BTR:
	case ZYDIS_MNEMONIC_BTS:
		return describe_bit(decoded, memory);
	case ZYDIS_MNEMONIC_XLAT:
		return set_spread(memory, RT_SPREAD_AL);
	case ZYDIS_MNEMONIC_MASKMOVDQU:
	case ZYDIS_MNEMONIC_VMASKMOVDQU:
		return describe_signs(memory, 1, mask_of_bytes(decoded), true);
	case ZYDIS_MNEMONIC_VMASKMOVPS:
	case ZYDIS_MNEMONIC_VPMASKMOVD:
		return describe_signs(memory, 4, decoded->operands[1].reg.value, false);
	case ZYDIS_MNEMONIC_VMASKMOVPD:
	case ZYDIS_MNEMONIC_VPMASKMOVQ:
		return describe_signs(memory, 8, decoded->operands[1].reg.value, false);
	case ZYDIS_MNEMONIC_ENQCMD: /* what is not written down so that the slow path could know it */
	case ZYDIS_MNEMONIC_ENQCMDS:
	case ZYDIS_MNEMONIC_LLWPCB:
	case ZYDIS_MNEMONIC_LWPINS:
	case ZYDIS_MNEMONIC_LWPVAL:
	case ZYDIS_MNEMONIC_MASKMOVQ:
	case ZYDIS_MNEMONIC_MOVDIR64B:
	case ZYDIS_MNEMONIC_SLWPCB:
	case ZYDIS_MNEMONIC_TILELOADD:
	case ZYDIS_MNEMONIC_TILELOADDT1:
	case ZYDIS_MNEMONIC_TILESTORED:
		return false;
	default:
		return !rt_is_string(decoded) || describe_string(decoded, memory);
	}
}
