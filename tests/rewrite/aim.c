#include "aim.h"

#include "instances.h"
#include "shadow/base.h"

#include <Zydis/Zydis.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_MOST = 1 << 16, NO_REGISTER = 0xff, AWAY = 1024 };

static ZydisDecoder decoder;
static __typeof__(&ZydisDecoderDecodeFull) zydis_decode;
static __typeof__(&ZydisRegisterGetLargestEnclosing) largest;
static uint8_t (*pool)[16];
static unsigned pool_count;

struct decoded {
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

static void keep_form(const uint8_t *code)
{
	if (pool_count < POOL_MOST)
		memcpy(pool[pool_count++], code, 16);
}

bool aim_open(void)
{
	static const char *const programs[] = {"/lib/x86_64-linux-gnu/libc.so.6",
		"/lib/x86_64-linux-gnu/libcrypto.so.3", "/lib/x86_64-linux-gnu/libm.so.6"};
	void *library = dlopen("libZydis.so.4.0", RTLD_NOW | RTLD_LOCAL);
	pool = malloc(POOL_MOST * sizeof(*pool));
	if (!library || !pool || !instance_open())
		return false;
	__typeof__(&ZydisDecoderInit) init = (__typeof__(init))dlsym(library, "ZydisDecoderInit");
	zydis_decode = (__typeof__(zydis_decode))dlsym(library, "ZydisDecoderDecodeFull");
	largest = (__typeof__(largest))dlsym(library, "ZydisRegisterGetLargestEnclosing");
	if (!init || !zydis_decode || !largest ||
		ZYAN_FAILED(init(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64)))
		return false;
	for (unsigned i = 0; i < RT_COUNT(programs); i++)
		instance_of_program(programs[i], keep_form);
	return true;
}

static bool decode(const uint8_t *code, struct decoded *decoded)
{
	return ZYAN_SUCCESS(zydis_decode(&decoder, code, 15, &decoded->insn, decoded->operands));
}

void aim_random_form(uint8_t *form)
{
	if (pool_count && generate_random() % 3)
		memcpy(form, pool[generate_random() % pool_count], 16);
	else
		instance_random(form);
}

/* ---- which may be used ---- */

static unsigned general(ZydisRegister reg)
{
	ZydisRegister whole = largest(ZYDIS_MACHINE_MODE_LONG_64, reg);
	return whole >= ZYDIS_REGISTER_RAX && whole <= ZYDIS_REGISTER_R15 ? whole - ZYDIS_REGISTER_RAX
									  : NO_REGISTER;
}

static bool has_other_job(const struct decoded *decoded)
{
	switch (decoded->insn.meta.category) {
	case ZYDIS_CATEGORY_CALL:
	case ZYDIS_CATEGORY_RET:
	case ZYDIS_CATEGORY_COND_BR:
	case ZYDIS_CATEGORY_UNCOND_BR:
	case ZYDIS_CATEGORY_STRINGOP:
	case ZYDIS_CATEGORY_XSAVE:
	case ZYDIS_CATEGORY_XSAVEOPT:
		return true;
	default:
		break;
	}
	switch (decoded->insn.mnemonic) {
	case ZYDIS_MNEMONIC_FLDENV: /* faults that come later, and where the instruction stood */
	case ZYDIS_MNEMONIC_FNSTENV:
	case ZYDIS_MNEMONIC_FNSAVE:
	case ZYDIS_MNEMONIC_FRSTOR:
	case ZYDIS_MNEMONIC_FLDCW:
	case ZYDIS_MNEMONIC_FXSAVE:
	case ZYDIS_MNEMONIC_FXSAVE64:
	case ZYDIS_MNEMONIC_FXRSTOR:
	case ZYDIS_MNEMONIC_FXRSTOR64:
	case ZYDIS_MNEMONIC_LEAVE:
	case ZYDIS_MNEMONIC_UD0:
	case ZYDIS_MNEMONIC_UD1:
	case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_HLT:
	case ZYDIS_MNEMONIC_XBEGIN:
	case ZYDIS_MNEMONIC_PAUSE:  /* with REX.B it leaves its function alone */
	case ZYDIS_MNEMONIC_CLZERO: /* by rax, any line */
	case ZYDIS_MNEMONIC_RDFSBASE:
	case ZYDIS_MNEMONIC_RDGSBASE:
	case ZYDIS_MNEMONIC_WRFSBASE:
	case ZYDIS_MNEMONIC_WRGSBASE:
		return true;
	case ZYDIS_MNEMONIC_MOVSXD: /* processors read two bytes or four: its function is left alone */
		return decoded->insn.operand_width == 16;
	default:
		return false;
	}
}

static bool changes_mode(const struct decoded *decoded)
{
	const ZydisAccessedFlags *flags = decoded->insn.cpu_flags;
	const uint32_t mode = ZYDIS_CPUFLAG_DF | ZYDIS_CPUFLAG_IF | ZYDIS_CPUFLAG_TF | ZYDIS_CPUFLAG_NT |
			      ZYDIS_CPUFLAG_RF | ZYDIS_CPUFLAG_AC | ZYDIS_CPUFLAG_ID | ZYDIS_CPUFLAG_IOPL;
	return flags && (flags->modified | flags->set_0 | flags->set_1) & mode;
}

static bool is_on_stack(const struct decoded *decoded)
{
	return decoded->insn.meta.category == ZYDIS_CATEGORY_PUSH ||
	       decoded->insn.meta.category == ZYDIS_CATEGORY_POP;
}

/* lea of a slot: then the frame is no longer the function's own. That has a part of its own. */
static bool is_frame_address(const ZydisDecodedOperand *operand, const struct aim_roles *roles)
{
	return operand->mem.type == ZYDIS_MEMOP_TYPE_AGEN &&
	       (operand->mem.base == ZYDIS_REGISTER_RSP ||
		       (roles->by_rbp && operand->mem.base == ZYDIS_REGISTER_RBP));
}

static bool may_use(
	const struct decoded *decoded, const uint8_t *code, const struct aim_roles *roles, bool on_stack)
{
	if (is_on_stack(decoded))
		return on_stack && decoded->operands[0].size == 64;
	if (has_other_job(decoded) || changes_mode(decoded) || !instance_is_harmless(code))
		return false;
	for (unsigned i = 0; i < decoded->insn.operand_count; i++) {
		const ZydisDecodedOperand *operand = &decoded->operands[i];
		bool hidden = operand->visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN;
		if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
			(hidden || is_frame_address(operand, roles) ||
				operand->mem.type == ZYDIS_MEMOP_TYPE_VSIB))
			return false;
		unsigned reg = operand->type == ZYDIS_OPERAND_TYPE_REGISTER ? general(operand->reg.value)
									    : (unsigned)NO_REGISTER;
		if (reg == NO_REGISTER)
			continue;
		if (reg == 4 || (reg == 5 && roles->by_rbp) ||
			(operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE && roles->kept >> reg & 1))
			return false;
	}
	return true;
}

/* ---- addresses ---- */

struct address {
	uint8_t base, index, scale_log; /* NO_REGISTER */
	bool is_place, is_narrow;
	int64_t displacement; /* or the place */
};

static struct address choose_frame(const struct aim_roles *roles, unsigned bytes)
{
	unsigned room = AIM_SLOTS * 8;
	uint64_t at = bytes < room ? generate_random() % (room - bytes + 1) : 0;
	at = generate_random() % 2 ? at & ~(uint64_t)7 : at;
	if (roles->by_rbp)
		return (struct address){5, NO_REGISTER, 0, false, false, (int64_t)at - (int64_t)room};
	return (struct address){
		4, NO_REGISTER, 0, false, false, (int64_t)at - (roles->is_red ? (int64_t)room : 0)};
}

static struct address choose(const struct aim_roles *roles, unsigned bytes)
{
	unsigned which = generate_random() % 2, base = roles->base[which];
	int64_t away = (int64_t)(generate_random() % (2 * AWAY)) - AWAY;
	away = generate_random() % 2 ? away : away & -(int64_t)(bytes ? bytes & -bytes : 1);
	away = generate_random() % 8 ? away : 0;
	away = generate_random() % 3 ? away : away % 128;
	int64_t place = roles->base_at[which] + away;
	struct address address = {(uint8_t)base, NO_REGISTER, 0, false, generate_random() % 16 == 0, away};
	switch (generate_random() % 16) {
	case 0:
	case 1:
	case 2:
		address.index = roles->index;
		address.scale_log = generate_random() % 4;
		return address;
	case 3:
		return (struct address){
			NO_REGISTER, roles->index, generate_random() % 4, false, false, place};
	case 4:
		return (struct address){roles->index, NO_REGISTER, 0, false, false, place};
	case 5:
		return (struct address){
			NO_REGISTER, NO_REGISTER, 0, false, generate_random() % 4 == 0, place};
	case 6:
		return (struct address){NO_REGISTER, NO_REGISTER, 0, true, false,
			generate_random() % 6 ? place : GENERATE_VECTORS + (away & 255)};
	case 7:
	case 8:
		if (roles->has_frame && bytes <= AIM_SLOTS * 8)
			return choose_frame(roles, bytes);
		return address;
	default:
		return address;
	}
}

/* ---- encoding ---- */

static bool is_prefix(uint8_t byte)
{
	return byte == 0x66 || byte == 0x67 || byte == 0xf0 || byte == 0xf2 || byte == 0xf3 ||
	       (byte & 0xe7) == 0x26;
}

/* Sets the highest bits of base and index in the prefix that the form has, or adds one. False: there is no room for them. */
static bool put_prefixes(
	struct generate_part *part, const struct decoded *from, const uint8_t *form, struct address address)
{
	bool b = address.base != NO_REGISTER && address.base >= 8,
	     x = address.index != NO_REGISTER && address.index >= 8;
	const ZydisDecodedInstructionRaw *raw = &from->insn.raw;
	uint8_t *to = part->bytes + part->count, *start = to;
	unsigned at = 0, opcode = raw->modrm.offset;
	if (address.is_narrow)
		*to++ = 0x67;
	switch (from->insn.encoding) {
	case ZYDIS_INSTRUCTION_ENCODING_LEGACY:
		for (; is_prefix(form[at]); at++)
			if (form[at] != 0x67 || !address.is_place) /* from the eip nothing is copied */
				*to++ = form[at];
		if ((form[at] & 0xf0) == 0x40)
			*to++ = (uint8_t)((form[at++] & 0xfc) | (x ? 2 : 0) | b);
		else if (x || b)
			*to++ = (uint8_t)(0x40 | (x ? 2 : 0) | b);
		if (is_prefix(form[at]) || (form[at] & 0xf0) == 0x40)
			return false; /* then it does not count */
		break;
	case ZYDIS_INSTRUCTION_ENCODING_VEX:
	case ZYDIS_INSTRUCTION_ENCODING_EVEX:
		for (; form[at] != 0xc5 && form[at] != 0xc4 && form[at] != 0x62; at++)
			if (form[at] != 0x67 || !address.is_place)
				*to++ = form[at];
		*to++ = form[at++];
		if (form[at - 1] == 0xc5) {
			if (x || b)
				return false;
			break;
		}
		*to++ = (uint8_t)((form[at++] & 0x9f) | (x ? 0 : 0x40) | (b ? 0 : 0x20));
		break;
	default:
		return false;
	}
	memcpy(to, form + at, opcode - at);
	part->count += (uint8_t)(to - start) + (uint8_t)(opcode - at);
	return true;
}

static void put(struct generate_part *part, int64_t value, unsigned bytes)
{
	memcpy(part->bytes + part->count, &value, bytes);
	part->count += (uint8_t)bytes;
}

static void put_address(struct generate_part *part, unsigned reg, struct address address, bool is_evex)
{
	reg <<= 3;
	if (address.is_place) {
		put(part, (int64_t)(reg | 5), 1);
		part->field = part->count;
		part->field_bytes = 4;
		part->field_kind = FIELD_PLACE;
		part->target = (uint32_t)address.displacement;
		put(part, 0, 4);
		return;
	}
	bool has_base = address.base != NO_REGISTER, has_index = address.index != NO_REGISTER;
	bool small =
		address.displacement == (int8_t)address.displacement && !is_evex && generate_random() % 8;
	bool none = !address.displacement && has_base && (address.base & 7) != 5;
	unsigned mode = !has_base || none ? 0 : small ? 0x40 : 0x80;
	if (!has_base || has_index || (address.base & 7) == 4) {
		put(part, (int64_t)(mode | reg | 4), 1);
		put(part,
			(int64_t)(address.scale_log << 6 | (has_index ? (address.index & 7) << 3 : 0x20) |
				  (has_base ? address.base & 7 : 5)),
			1);
	} else {
		put(part, (int64_t)(mode | reg | (address.base & 7)), 1);
	}
	put(part, address.displacement, mode == 0x40 ? 1 : mode == 0x80 || !has_base ? 4 : 0);
}

static unsigned bytes_of(const struct decoded *decoded)
{
	for (unsigned i = 0; i < decoded->insn.operand_count_visible; i++)
		if (decoded->operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY)
			return decoded->operands[i].size / 8;
	return 0;
}

static bool encode(struct generate_part *part, const uint8_t *form, const struct decoded *from,
	const struct aim_roles *roles)
{
	const ZydisDecodedInstructionRaw *raw = &from->insn.raw;
	struct address address = choose(roles, bytes_of(from));
	unsigned tail = raw->disp.size ? raw->disp.offset + raw->disp.size / 8u
				       : raw->modrm.offset + (raw->sib.offset ? 2u : 1u);
	if (!put_prefixes(part, from, form, address))
		return false;
	put_address(
		part, raw->modrm.reg & 7u, address, from->insn.encoding == ZYDIS_INSTRUCTION_ENCODING_EVEX);
	memcpy(part->bytes + part->count, form + tail, from->insn.length - tail);
	part->count += (uint8_t)(from->insn.length - tail);
	part->field_end = part->count;
	return true;
}

/* What the manual leaves undefined no program asks for. test rsp, rsp: of the stack's address, which is the same. */
static void forget_flags(struct generate_part *part)
{
	put(part, 0xe48548, 3);
}

bool aim_form(struct generate_part *part, const uint8_t *form, const struct aim_roles *roles, bool on_stack)
{
	struct decoded from, made;
	struct generate_part before = *part;
	uint8_t code[16] = {0};
	if (!decode(form, &from))
		return false;
	const ZydisDecodedInstructionRaw *raw = &from.insn.raw;
	bool has_memory = from.insn.attributes & ZYDIS_ATTRIB_HAS_MODRM && raw->modrm.mod != 3;
	if (has_memory && !encode(part, form, &from, roles)) {
		*part = before;
		return false;
	}
	if (!has_memory) {
		memcpy(part->bytes + part->count, form, from.insn.length);
		part->count += from.insn.length;
	}
	unsigned bytes = part->count - before.count;
	memcpy(code, part->bytes + before.count, bytes < 16 ? bytes : 15);
	if (bytes > 15 || !decode(code, &made) || made.insn.length != bytes ||
		!may_use(&made, code, roles, on_stack) || made.insn.mnemonic != from.insn.mnemonic) {
		*part = before;
		return false;
	}
	if (instance_undefined(code))
		forget_flags(part);
	return true;
}
