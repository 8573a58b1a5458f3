#include "known.h"

#include "meaning.h"

enum {
	FAR = 32, /* instructions from a constant in a general register to its move into a vector */
	/* what a register holds: the result of the vector of that number, from 1 on */
	UNSEEN = 0, /* no way has led here yet */
};
#define ANY UINT32_MAX

struct registers {
	uint32_t at[RT_VECTORS];
};

struct value {
	uint8_t bytes[RT_VECTOR_BYTES];
};

struct search {
	struct rt_lanes *lanes;
	const struct rt_body *body;
	struct registers *states; /* before the body's leaders */
	struct value *values;     /* results of its vectors */
};

static void set_all(struct registers *registers, uint32_t what)
{
	for (unsigned reg = 0; reg < RT_VECTORS; reg++)
		registers->at[reg] = what;
}

/* Where both ways come together. True: that is less than was known. */
static bool meet(struct registers *with, const struct registers *other)
{
	bool changed = false;
	for (unsigned reg = 0; reg < RT_VECTORS; reg++) {
		uint32_t one = with->at[reg], two = other->at[reg];
		uint32_t both = one == UNSEEN ? two : two == UNSEEN || one == two ? one : ANY;
		changed |= both != one;
		with->at[reg] = both;
	}
	return changed;
}

/* ---- values ---- */

static struct rt_vector *vector_at(const struct search *search, uint32_t i)
{
	uint32_t number = search->lanes->insns.at[i].vector;
	return number ? &search->lanes->vectors.at[number - 1] : NULL;
}

/* NULL: it reads none. */
static const uint8_t *constant_of(const struct rt_body *body, uint32_t i)
{
	const struct rt_memory *memory = &body->insns[i].memory[0];
	bool is = body->insns[i].memories == 1 && memory->base == RT_REG_PC && !memory->write &&
		  memory->form == RT_FORM_PLAIN &&
		  rt_module_is_constant(body->module, memory->displacement, memory->bytes);
	return is ? (const uint8_t *)(body->module->text.start + (uintptr_t)memory->displacement) : NULL;
}

/* What a general register holds before instruction i, where one shortly before it says so. */
static bool find_immediate(const struct rt_body *body, uint32_t i, rt_regs_t reg, int64_t *value)
{
	for (unsigned far = 0; i && far < FAR && !(body->marks[i] & RT_MARK_LEADER); far++) {
		const struct rt_insn *insn = &body->insns[--i];
		if (insn->flow == RT_FLOW_CALL || body->next[i] != i + 1)
			return false;
		if (!(insn->changes & reg))
			continue;
		struct rt_meaning meaning = rt_meaning_of(body, insn);
		*value = meaning.immediate;
		return meaning.operation == RT_DO_MOVE && meaning.from == RT_OPERAND_IMMEDIATE &&
		       meaning.bytes >= 4;
	}
	return false;
}

/* A source as it is before instruction i; false: it is not known. */
static bool find_source(const struct search *search, uint32_t i, unsigned source,
	const struct registers *known, struct value *value)
{
	const struct rt_vector *vector = vector_at(search, i);
	const struct rt_insn *insn = &search->body->insns[i];
	uint8_t from = vector->from[source];
	const uint8_t *constant = from == RT_VECTOR_MEMORY ? constant_of(search->body, i) : NULL;
	rt_regs_t general = rt_regs_values(insn->uses);
	int64_t immediate;
	rt_bytes_zero(value, sizeof(*value));
	if (from < RT_VECTORS && known->at[from] != UNSEEN && known->at[from] != ANY)
		*value = search->values[known->at[from] - 1];
	else if (constant)
		rt_bytes_copy(value, constant, insn->memory[0].bytes);
	else if (from == RT_VECTOR_NONE && !insn->memories && rt_regs_are_one(general) &&
		 find_immediate(search->body, i, general, &immediate))
		rt_bytes_copy(value, &immediate, sizeof(immediate));
	else
		return false;
	return true;
}

static uint8_t byte_of(const struct value *source, int byte)
{
	if (byte < 0)
		return 0;
	uint8_t value = source->bytes[byte & ~RT_VECTOR_SIGN];
	return byte & RT_VECTOR_SIGN ? (uint8_t) - (value >> 7) : value;
}

/* What is moved from known bytes alone is known; where from registers that nobody has seen yet, it may be. */
static uint32_t find_result(const struct search *search, uint32_t i, const struct registers *known)
{
	const struct rt_vector *vector = vector_at(search, i);
	uint32_t number = search->lanes->insns.at[i].vector;
	struct value source, *result = &search->values[number - 1];
	if (vector->count != 1 || vector->lane != 1 || vector->role != RT_VECTOR_PLAIN)
		return ANY;
	if (vector->from[0] < RT_VECTORS && known->at[vector->from[0]] == UNSEEN)
		return UNSEEN;
	if (!find_source(search, i, 0, known, &source))
		return ANY;
	for (unsigned n = 0; n < RT_VECTOR_BYTES; n++)
		result->bytes[n] = byte_of(&source, vector->byte[0][n]);
	return number;
}

static void learn(const struct search *search, uint32_t i, const struct registers *known)
{
	struct rt_vector *vector = vector_at(search, i);
	struct value value;
	for (unsigned source = 0; vector && vector->role != RT_VECTOR_PLAIN && source < vector->count;
		source++)
		if (find_source(search, i, source, known, &value))
			rt_vector_learn(vector, source, value.bytes);
}

/* ---- along all ways ---- */

static void go_through(const struct search *search, uint32_t i, struct registers *known)
{
	const struct rt_vector *vector = vector_at(search, i);
	if (search->body->insns[i].flow == RT_FLOW_CALL || (vector && vector->is_other))
		set_all(known, ANY);
	else if (vector && vector->to < RT_VECTORS)
		known->at[vector->to] = find_result(search, i, known);
}

static bool add_target(const struct search *search, uint32_t to, const struct registers *known)
{
	uint32_t state = to == RT_NO_INSN ? 0 : search->lanes->insns.at[to].state;
	return state && meet(&search->states[state - 1], known);
}

/* Before instruction i; `known`: behind the one in front of it. True: something is new. */
static bool come_to(const struct search *search, uint32_t i, struct registers *known)
{
	const struct rt_body *body = search->body;
	uint32_t state = search->lanes->insns.at[i].state;
	bool comes = i && body->next[i - 1] == i, changed = false;
	bool is_entry = !i || body->marks[i] & RT_MARK_OUTSIDE;
	if (is_entry)
		set_all(known, ANY);
	if (state && (comes || is_entry))
		changed = meet(&search->states[state - 1], known);
	if (state)
		*known = search->states[state - 1];
	else if (!comes)
		set_all(known, ANY);
	return changed;
}

/* From the beginning to the end. True: something is new. */
static bool flow(const struct search *search, bool learns)
{
	const struct rt_body *body = search->body;
	struct registers known;
	bool changed = false;
	for (uint32_t i = 0; i < body->count; i++) {
		changed |= come_to(search, i, &known);
		if (learns)
			learn(search, i, &known);
		go_through(search, i, &known);
		changed |= add_target(search, body->targets[i], &known);
		if (body->next[i] != i + 1)
			changed |= add_target(search, body->next[i], &known);
	}
	return changed;
}

static bool has_masks(const struct rt_lanes *lanes)
{
	for (uint32_t i = 0; i < lanes->vectors.count; i++)
		if (lanes->vectors.at[i].role != RT_VECTOR_PLAIN)
			return true;
	return false;
}

void rt_known_find(struct rt_lanes *lanes, const struct rt_body *body)
{
	size_t states = lanes->states.count * sizeof(struct registers),
	       values = lanes->vectors.count * sizeof(struct value);
	char *memory = has_masks(lanes) ? rt_alloc(states + values) : NULL;
	if (!memory)
		return;
	struct search search = {lanes, body, (struct registers *)memory, (struct value *)(memory + states)};
	rt_bytes_zero(memory, states);
	while (flow(&search, false))
		;
	flow(&search, true);
	rt_free(memory, states + values);
}
