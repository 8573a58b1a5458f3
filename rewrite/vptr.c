#include "vptr.h"

#include "bytes.h"
#include "slice.h"

enum {
	FAR = 256, /* instructions from the address to its store */
	SLOTS = 3, /* the first functions of a table: one of them is the module's own, or it is not taken for one */
	REX_W = 0x48,
	REX_X = 2,
	OPCODE_STORE = 0x89,
	OPCODE_LOAD = 0x8b,
	OPCODE_LEA = 0x8d,
	OPCODE_ADD_RAX = 0x05,
	OPCODE_ADD_WORD = 0x81,
	OPCODE_ADD_BYTE = 0x83,
	FORM_ADD = 0xc0,             /* of the byte behind the latter two, but for the register */
	HEAD = 2 * sizeof(uintptr_t) /* bytes of a table in front of its functions */
};

static const uint8_t *code_of(const struct rt_body *body, const struct rt_insn *insn)
{
	return body->module->text.code + insn->offset;
}

/* The register that is stored, as a set; 0: it is no such store. */
static rt_regs_t stored(const struct rt_body *body, const struct rt_insn *insn)
{
	const struct rt_memory *memory = &insn->memory[0];
	const uint8_t *code = code_of(body, insn);
	bool is = insn->memories == 1 && memory->write && !memory->read &&
		  memory->bytes == sizeof(uint64_t) && memory->form == RT_FORM_PLAIN && !memory->segment &&
		  insn->bytes > 2 && (code[0] & 0xf8) == REX_W && code[1] == OPCODE_STORE;
	return is ? rt_slice_value(insn) : 0;
}

/* An address in memory that the program does not write, where a table's functions begin. */
static bool is_table(const struct rt_module *module, uintptr_t place)
{
	struct rt_range memory = rt_module_memory(module, place);
	bool is_own = false;
	if (place % sizeof(uintptr_t) || memory.high - memory.low < SLOTS * sizeof(uintptr_t) ||
		place - module->text.start < module->text.bytes ||
		rt_module_is_variable(module, place, sizeof(uintptr_t), sizeof(uintptr_t), 1))
		return false;
	for (unsigned i = 0; i < SLOTS; i++)
		is_own |= ((const uintptr_t *)place)[i] - module->text.start < module->text.bytes;
	return is_own;
}

static bool is_rex_w(const uint8_t *code, uint8_t opcode)
{
	return (code[0] & 0xf8) == REX_W && code[1] == opcode;
}

/* It is lea with an address relative to the program counter, and leads to a table. */
static bool makes_table(const struct rt_body *body, const struct rt_insn *insn)
{
	const uint8_t *code = code_of(body, insn);
	if (!is_rex_w(code, OPCODE_LEA) || !insn->pc_relative)
		return false;
	intptr_t distance = rt_word_get(code + insn->pc_relative);
	return is_table(
		body->module, body->module->text.start + insn->offset + insn->bytes + (uintptr_t)distance);
}

/* The bytes of the constant that it adds to a register; 0: it is no such instruction. */
static unsigned bytes_added(const uint8_t *code)
{
	enum { MOD_BYTE = 1, MOD_WORD = 2, RM_SIB = 4 };
	unsigned mod = code[2] >> 6;
	bool has_index = (code[2] & 7) == RM_SIB && ((code[3] >> 3 & 7) != RM_SIB || code[0] & REX_X);
	bool is_add = (code[2] & 0xf8) == FORM_ADD;
	if (is_rex_w(code, OPCODE_LEA) && !has_index)
		return mod == MOD_BYTE ? 1 : mod == MOD_WORD ? 4 : 0;
	return is_add && is_rex_w(code, OPCODE_ADD_BYTE)                                       ? 1
	       : is_rex_w(code, OPCODE_ADD_RAX) || (is_add && is_rex_w(code, OPCODE_ADD_WORD)) ? 4
											       : 0;
}

/* It sets a register to another one, or itself, and a constant: that one, as a set. 0: it does something else. */
static rt_regs_t adds(const struct rt_body *body, const struct rt_insn *insn, uintptr_t *sum)
{
	const uint8_t *code = code_of(body, insn);
	unsigned bytes = insn->bytes > 3 ? bytes_added(code) : 0;
	const uint8_t *constant = code + insn->bytes - bytes;
	if (!bytes)
		return 0;
	*sum += bytes == 1 ? (uintptr_t)(int8_t)*constant : (uintptr_t)(intptr_t)rt_word_get(constant);
	return insn->uses & RT_REGS_ALL & ~(1u << RT_RSP);
}

/* It loads the address of something with a name that other modules may have, too, and the table's functions begin so many bytes
 * on. What lies in another module is not looked at: nothing else has an address point in this way. */
static bool loads_table(const struct rt_body *body, const struct rt_insn *insn, uintptr_t offset)
{
	const struct rt_module *module = body->module;
	const struct rt_memory *memory = &insn->memory[0];
	if (offset < HEAD || offset % sizeof(uintptr_t) || !is_rex_w(code_of(body, insn), OPCODE_LOAD) ||
		!insn->pc_relative || !rt_module_is_constant(module, memory->displacement, sizeof(uintptr_t)))
		return false;
	uintptr_t place = *(const uintptr_t *)(module->text.start + (uintptr_t)memory->displacement) + offset;
	return !rt_module_segment(module, place).high || is_table(module, place);
}

/* Control comes to what stands behind `from`, up to `to`, from there alone. */
static bool is_alone(const struct rt_body *body, uint32_t from, uint32_t to)
{
	for (uint32_t i = from + 1; i <= to; i++)
		if ((body->marks[i] & (RT_MARK_OUTSIDE | RT_MARK_RETURN)) == RT_MARK_OUTSIDE)
			return false;
	for (uint32_t i = 0; i < body->count; i++) {
		uint32_t target = body->targets[i];
		if (target != RT_NO_INSN && target > from && target <= to && (i < from || i > to))
			return false;
	}
	return true;
}

/* What is stored was made by the last instructions before, in the order of addresses, that change the register. */
static bool is_pointer(const struct rt_body *body, uint32_t i, rt_regs_t value)
{
	uint32_t at = i;
	uintptr_t offset = 0;
	while (at > 0 && i - at < FAR) {
		const struct rt_insn *insn = &body->insns[--at];
		if (!(rt_slice_changes(insn) & value))
			continue;
		rt_regs_t from = adds(body, insn, &offset);
		if (!from)
			return (offset ? loads_table(body, insn, offset) : makes_table(body, insn)) &&
			       is_alone(body, at, i);
		value = from;
	}
	return false;
}

void rt_vptr_find(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++) {
		rt_regs_t value = stored(body, &body->insns[i]);
		if (value && is_pointer(body, i, value))
			body->marks[i] |= RT_MARK_VPTR;
	}
}

unsigned rt_vptr_register(const struct rt_insn *insn)
{
	return (unsigned)__builtin_ctz(rt_slice_value(insn));
}
