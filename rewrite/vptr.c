#include "vptr.h"

#include "bytes.h"
#include "slice.h"

#include "shadow/engine.h"

enum {
	FAR = 256, /* instructions from the address to its store, on all ways */
	SLOTS = 3, /* the first functions of a table: one of them is the module's own, or it is not taken for one */
	REX = 0x40,
	REX_W = 0x48,
	REX_X = 2,
	OPCODE_STORE = 0x89,
	OPCODE_LOAD = 0x8b,
	OPCODE_LEA = 0x8d,
	OPCODE_ADD_RAX = 0x05,
	OPCODE_POP = 0x58,
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

/* What the register is set to by the instruction, and by those right before that it depends on, leads to a table. */
static bool makes_pointer(const struct rt_body *body, uint32_t made)
{
	uintptr_t offset = 0;
	rt_regs_t value = rt_slice_changes(&body->insns[made]);
	for (uint32_t at = made; made - at < FAR; at--) {
		const struct rt_insn *insn = &body->insns[at];
		if (rt_slice_changes(insn) & value) {
			value = adds(body, insn, &offset);
			if (!value)
				return (offset ? loads_table(body, insn, offset) : makes_table(body, insn)) &&
				       is_alone(body, at, made);
		}
		if (!at)
			break;
	}
	return false;
}

/* As a function does that gives back, at its end, what its caller has there. */
static bool is_pop(const struct rt_body *body, const struct rt_insn *insn)
{
	const uint8_t *code = code_of(body, insn);
	bool has_prefix = insn->bytes == 2 && (code[0] & 0xf0) == REX;
	return insn->bytes == 1u + has_prefix && (code[has_prefix] & 0xf8) == OPCODE_POP;
}

/* Wherever the function sets the register, one that is its own: so what is there, wherever control comes from, is one. */
static bool is_pointer_throughout(const struct rt_body *body, rt_regs_t value)
{
	bool is_set = false;
	if (rt_slice_changes(&(struct rt_insn){.flow = RT_FLOW_CALL}) & value)
		return false;
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		if (!(rt_slice_changes(insn) & value) || is_pop(body, insn))
			continue;
		if (!makes_pointer(body, i))
			return false;
		is_set = true;
	}
	return is_set;
}

/* By where they lead to: the first jump of each instruction, and of each jump the next one to the same. RT_NO_INSN: there is none. */
struct jumps {
	uint32_t *first, *next;
};

static bool index_jumps(const struct rt_body *body, struct jumps *jumps)
{
	jumps->first = rt_alloc(2 * body->count * sizeof(*jumps->first));
	if (!jumps->first)
		return false;
	jumps->next = jumps->first + body->count;
	for (uint32_t i = 0; i < body->count; i++)
		jumps->first[i] = jumps->next[i] = RT_NO_INSN;
	for (uint32_t i = body->count; i-- > 0;) {
		uint32_t target = body->targets[i];
		if (target == RT_NO_INSN || body->insns[i].flow == RT_FLOW_CALL)
			continue;
		jumps->next[i] = jumps->first[target];
		jumps->first[target] = i;
	}
	return true;
}

/* Instructions back from a store on all ways, up to where the register is set. */
struct ways {
	struct rt_body *body;
	const struct jumps *jumps;
	rt_regs_t value;
	uint32_t at[FAR];
	unsigned count;
};

/* Control comes from there; false: with something else in the register, or from too far. */
static bool comes_from(struct ways *ways, uint32_t i)
{
	struct rt_body *body = ways->body;
	if (rt_slice_changes(&body->insns[i]) & ways->value)
		return makes_pointer(body, i);
	if (body->marks[i] & RT_MARK_VISITED)
		return true;
	if (ways->count == FAR)
		return false;
	body->marks[i] |= RT_MARK_VISITED;
	ways->at[ways->count++] = i;
	return true;
}

static bool go_back(struct ways *ways, uint32_t i)
{
	const struct rt_body *body = ways->body;
	uint8_t before = i ? body->insns[i - 1].flow : RT_FLOW_RETURN;
	bool falls = before == RT_FLOW_NEXT || before == RT_FLOW_BRANCH || before == RT_FLOW_CALL;
	for (uint32_t jump = ways->jumps->first[i]; jump != RT_NO_INSN; jump = ways->jumps->next[jump])
		if (!comes_from(ways, jump))
			return false;
	bool jumps = ways->jumps->first[i] != RT_NO_INSN;
	bool is_entered = (body->marks[i] & (RT_MARK_OUTSIDE | RT_MARK_RETURN)) == RT_MARK_OUTSIDE;
	if ((is_entered || !i || !(falls || jumps)) && !is_pointer_throughout(body, ways->value))
		return false;
	return !falls || comes_from(ways, i - 1);
}

/* Compilers make the pointer early, and keep it over loops and calls. */
static bool is_pointer(struct rt_body *body, const struct jumps *jumps, uint32_t store, rt_regs_t value)
{
	struct ways ways;
	ways.body = body;
	ways.jumps = jumps;
	ways.value = value;
	ways.count = 0;
	bool is = go_back(&ways, store);
	for (unsigned seen = 0; is && seen < ways.count; seen++)
		is = go_back(&ways, ways.at[seen]);
	for (unsigned i = 0; i < ways.count; i++)
		body->marks[ways.at[i]] &= ~RT_MARK_VISITED;
	return is;
}

/* Most functions have nothing to do with tables. */
static bool makes_any(const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (body->insns[i].pc_relative &&
			(makes_table(body, &body->insns[i]) || loads_table(body, &body->insns[i], HEAD)))
			return true;
	return false;
}

void rt_vptr_find(struct rt_body *body)
{
	struct jumps jumps;
	if (!makes_any(body) || !index_jumps(body, &jumps))
		return;
	for (uint32_t i = 0; i < body->count; i++) {
		rt_regs_t value = stored(body, &body->insns[i]);
		if (value && is_pointer(body, &jumps, i, value))
			body->marks[i] |= RT_MARK_VPTR;
	}
	rt_free(jumps.first, 2 * body->count * sizeof(*jumps.first));
}

unsigned rt_vptr_register(const struct rt_insn *insn)
{
	return (unsigned)__builtin_ctz(rt_slice_value(insn));
}
