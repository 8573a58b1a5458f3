#include "vptr.h"

#include "slice.h"

enum {
	FAR = 256, /* instructions from the address to its store */
	SLOTS = 3, /* the first functions of a table: one of them is the module's own, or it is not taken for one */
	REX_W = 0x48,
	OPCODE_STORE = 0x89,
	OPCODE_LEA = 0x8d
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

/* It is lea with an address relative to the program counter, and leads to a table. */
static bool makes_table(const struct rt_body *body, const struct rt_insn *insn)
{
	const uint8_t *code = code_of(body, insn);
	if ((code[0] & 0xf8) != REX_W || code[1] != OPCODE_LEA || !insn->pc_relative)
		return false;
	intptr_t distance = rt_word_get(code + insn->pc_relative);
	return is_table(
		body->module, body->module->text.start + insn->offset + insn->bytes + (uintptr_t)distance);
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

/* What is stored was made by the last instruction before, in the order of addresses, that changes the register. */
static bool is_pointer(const struct rt_body *body, uint32_t i, rt_regs_t value)
{
	uint32_t at = i;
	while (at > 0 && i - at < FAR)
		if (rt_slice_changes(&body->insns[--at]) & value)
			return makes_table(body, &body->insns[at]) && is_alone(body, at, i);
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
