/* Atomic changes, which happen in the slow path as a whole. */
#include "emit.h"

#include "slots.h"

/* Prefixes that say how an address is made: segments and its size. */
static bool is_of_address(uint8_t byte)
{
	return byte == RT_FS || byte == RT_GS || byte == 0x67 || (byte & 0xe7) == 0x26;
}

static bool is_prefix(uint8_t byte)
{
	return byte == 0xf0 || byte == 0xf2 || byte == 0xf3 || byte == 0x66 || is_of_address(byte);
}

/* The instruction with its memory operand at [reg]; its bytes, 0: it can't be had so. Of a ModRM byte and a register that
 * needs no SIB byte and no displacement. */
static unsigned encode_at(
	const struct rt_emitter *emitter, const struct rt_insn *insn, unsigned reg, uint8_t *to)
{
	const uint8_t *from = emitter->body->module->text.code + insn->offset, *end = from + insn->bytes;
	unsigned count = 0;
	uint8_t rex = 0;
	for (; is_prefix(*from); from++)
		if (!is_of_address(*from))
			to[count++] = *from;
	if ((*from & 0xf0) == 0x40)
		rex = *from++;
	if ((*from & 0xf0) == 0x40 || is_prefix(*from))
		return 0; /* it counts only right before the opcode */
	if (!rex && reg >= 8)
		return 0; /* a new one would change what ah means */
	if (rex)
		to[count++] = (uint8_t)((rex & 0x4c) | reg >> 3);
	if (*from == 0x0f)
		to[count++] = *from++;
	to[count++] = *from++;
	unsigned modrm = *from++, mode = modrm >> 6, base = modrm & 7;
	if (mode == 3)
		return 0;
	if (base == 4)
		base = *from++ & 7;
	from += mode == 1 ? 1 : mode == 2 || base == 5 ? 4 : 0;
	to[count++] = (uint8_t)((modrm & 0x38) | (reg & 7));
	while (from < end)
		to[count++] = *from++;
	return count;
}

/* Where the opcode begins. */
static const uint8_t *opcode_of(const uint8_t *code, const uint8_t *end)
{
	while (code < end && (is_prefix(*code) || (*code & 0xf0) == 0x40))
		code++;
	return code;
}

bool rt_code_compares(const uint8_t *code, unsigned bytes)
{
	const uint8_t *end = code + bytes;
	code = opcode_of(code, end);
	return end - code > 2 && code[0] == 0x0f && ((code[1] & 0xfe) == 0xb0 || code[1] == 0xc7);
}

bool rt_code_takes(const uint8_t *code, unsigned bytes)
{
	const uint8_t *end = code + bytes;
	code = opcode_of(code, end);
	return end - code > 2 && code[0] == 0x0f && (code[1] & 0xfe) == 0xc0;
}

/* add, sub, inc, dec or xadd: Intel SDM volume 2. */
static bool adds(const uint8_t *code, unsigned bytes)
{
	enum { ADD = 0, SUB = 5, INC = 0, DEC = 1 };
	const uint8_t *end = code + bytes;
	code = opcode_of(code, end);
	if (end - code < 2)
		return false;
	unsigned extension = code[1] >> 3 & 7;
	switch (*code & 0xfe) {
	case 0x00:
	case 0x28:
		return true;
	case 0x80:
	case 0x82:
		return extension == ADD || extension == SUB;
	case 0xfe:
		return extension == INC || extension == DEC;
	default:
		return code[0] == 0x0f && end - code > 2 && (code[1] & 0xfe) == 0xc0;
	}
}

/* By the function. What a jump leads to outside of it is another one, which gets no flags from compilers; rt_live_find, whose flags must
 * not get lost, has to be more careful. */
static bool are_flags_read(const struct rt_body *body, uint32_t i)
{
	enum { STEPS = 32 };
	for (unsigned steps = 0; steps < STEPS; steps++) {
		const struct rt_insn *insn = &body->insns[i];
		i = insn->flow == RT_FLOW_JUMP ? body->targets[i] : body->next[i];
		if (i == RT_NO_INSN || body->insns[i].flow == RT_FLOW_CALL)
			return false;
		if (body->insns[i].uses & RT_FLAGS_ALL)
			return true;
		if ((body->insns[i].sets & RT_FLAGS_ALL) == RT_FLAGS_ALL)
			return false;
	}
	return true;
}

/* Neither what it read nor its flags are looked at. */
static bool is_tally(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	uint32_t next = body->next[i];
	return next != RT_NO_INSN && !(body->live[next] & insn->changes) &&
	       adds(body->module->text.code + insn->offset, insn->bytes) && !are_flags_read(body, i);
}

/* What may be a base without more: not rsp, rbp, r12, r13. */
static const rt_regs_t bases = 0xcfcf;

bool rt_check_is_atomic(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	return insn->is_locked && insn->memories == 1 && !rt_check_skips(body, i, &insn->memory[0]);
}

void rt_check_emit_atomic(struct rt_emitter *emitter, uint32_t i)
{
	struct rt_assembler *code = &emitter->code;
	const struct rt_insn *insn = &emitter->body->insns[i];
	const struct rt_memory *memory = &insn->memory[0];
	uint8_t bytes[16 + 1];
	rt_regs_t used = insn->uses | insn->changes | ~bases;
	unsigned reg = (unsigned)__builtin_ctz(~used & 0xffff & bases);
	unsigned count = encode_at(emitter, insn, reg, bytes);
	rt_check_prepare(emitter, i);
	unsigned scratch = rt_emit_borrow(emitter, i, insn->uses | insn->changes);
	uintptr_t after = emitter->body->module->text.start + insn->offset + insn->bytes;
	uint8_t *jump;
	uint32_t what = memory->bytes | RT_WHAT_READ | RT_WHAT_WRITE | reg << RT_WHAT_REG_SHIFT |
			(memory->spread ? RT_WHAT_SPREAD : 0) | (emitter->orders_only ? RT_WHAT_ORDERS : 0) |
			(rt_code_compares(emitter->body->module->text.code + insn->offset, insn->bytes)
					? RT_WHAT_COMPARES
					: 0) |
			(is_tally(emitter->body, i) ? RT_WHAT_TALLY : 0);
	emitter->no_atomic |= !count;
	rt_emit_address(emitter, memory, scratch);
	rt_asm_segment(code, RT_OP_STORE, scratch, RT_FS, RT_SLOT(address));
	rt_emit_call(emitter, RT_SLOW_ATOMIC);
	rt_emit_note(emitter, insn->offset + insn->bytes);
	rt_asm_jump(code, RT_CONDITION_ALWAYS, 0);
	jump = code->at;
	rt_emit_behind(code, after, what, rt_frame_at(&emitter->frames, emitter->body, insn), memory);
	bytes[count++] = 0xc3;
	rt_asm_bytes(code, bytes, count);
	rt_asm_lead(code, jump, rt_asm_here(code));
}
