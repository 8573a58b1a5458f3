#include "origin.h"

#include "alike.h"
#include "meaning.h"
#include "slice.h"

enum {
	FAR = 48,     /* instructions back, straight */
	LEAST = 4,    /* bytes of an index */
	STEPS = 4,    /* from one such part of a function to another */
	SMALL = 2048, /* instructions of a function that is gone through for each store */
	WITHIN = 4096 /* bytes: both are of one object */
};

/* A constant is added, or taken away. */
static bool is_sum(const struct rt_meaning *meaning, int64_t *more)
{
	bool adds = meaning->operation == RT_DO_ADD, takes = meaning->operation == RT_DO_SUBTRACT;
	if (!(adds || takes) || meaning->from != RT_OPERAND_IMMEDIATE)
		return false;
	*more = adds ? meaning->immediate : -meaning->immediate;
	return true;
}

/* It puts another register's value there, and a constant more. */
static bool follow(const struct rt_body *body, uint32_t i, struct rt_origin *origin)
{
	const struct rt_insn *insn = &body->insns[i];
	struct rt_meaning meaning = rt_meaning_of(body, insn);
	rt_regs_t from = rt_regs_values(insn->uses);
	int64_t more = 0;
	if (insn->memories || !rt_regs_are_one(from) ||
		!(is_sum(&meaning, &more) || rt_alike_lea(insn, &more) || rt_slice_is_copy(body, insn)))
		return false;
	origin->more += more;
	origin->reg = (unsigned)__builtin_ctz(from);
	return true;
}

struct rt_origin rt_origin_of(const struct rt_body *body, uint32_t i, unsigned reg)
{
	struct rt_origin origin = {i, reg, 0};
	for (unsigned far = 0; far < FAR && origin.at && body->next[origin.at - 1] == origin.at; far++) {
		uint32_t before = origin.at - 1;
		if (rt_slice_changes(&body->insns[before]) & 1u << origin.reg &&
			!follow(body, before, &origin))
			break;
		origin.at = before;
	}
	return origin;
}

/* The only instruction that changes the register, but for those that give back what it had before the function was called.
 * RT_NO_INSN: there is none, or more. */
static uint32_t only_change(const struct rt_body *body, unsigned reg)
{
	uint32_t found = RT_NO_INSN;
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		bool pops = insn->flow == RT_FLOW_NEXT && insn->changes & 1u << RT_RSP;
		if (!(rt_slice_changes(insn) & 1u << reg) || pops)
			continue;
		if (found != RT_NO_INSN)
			return RT_NO_INSN;
		found = i;
	}
	return found;
}

struct rt_origin rt_origin_root(const struct rt_body *body, uint32_t i, unsigned reg)
{
	struct rt_origin origin = rt_origin_of(body, i, reg);
	for (unsigned step = 0; step < STEPS && origin.at; step++) {
		uint32_t change = only_change(body, origin.reg);
		if (change == RT_NO_INSN || !follow(body, change, &origin))
			break;
		struct rt_origin before = rt_origin_of(body, change, origin.reg);
		before.more += origin.more;
		origin = before;
	}
	return origin;
}

uint32_t rt_origin_load(const struct rt_body *body, const struct rt_origin *origin)
{
	uint32_t load = origin->at - 1;
	bool is_load = origin->at && body->next[load] == origin->at && rt_alike_is_load(body, load) &&
		       body->insns[load].changes & 1u << origin->reg && !rt_slice_value(&body->insns[load]);
	return is_load ? load : (uint32_t)RT_NO_INSN;
}

/* Loads of two words of one object. False: or that is not seen. */
static bool is_pair(const struct rt_body *body, uint32_t one, uint32_t other)
{
	const struct rt_memory *a = &body->insns[one].memory[0], *b = &body->insns[other].memory[0];
	if (a->index != RT_REG_NONE || b->index != RT_REG_NONE || a->bytes != b->bytes || a->bytes < LEAST)
		return false;
	if (a->base == RT_REG_PC || b->base == RT_REG_PC)
		return a->base == b->base && a->displacement != b->displacement;
	if (a->base >= RT_VALUES || b->base >= RT_VALUES)
		return false;
	struct rt_origin of_a = rt_origin_of(body, one, a->base), of_b = rt_origin_of(body, other, b->base);
	int64_t away = a->displacement + of_a.more - b->displacement - of_b.more;
	return of_a.at == of_b.at && of_a.reg == of_b.reg && away && away > -WITHIN && away < WITHIN;
}

/* ---- two words that are compared ---- */

/* The values that it compares, besides one in memory. */
static rt_regs_t compared(const struct rt_insn *insn)
{
	return insn->memories ? rt_slice_value(insn) : rt_regs_values(insn->uses);
}

static bool compares(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	rt_regs_t values = compared(insn), others = insn->memories ? values : values & (values - 1);
	if (!(insn->sets & RT_FLAGS_ALL) || !rt_regs_are_one(others) ||
		(insn->memories && !rt_alike_is_load(body, i)))
		return false;
	uint8_t operation = rt_meaning_of(body, insn).operation;
	return operation == RT_DO_COMPARE || operation == RT_DO_SUBTRACT;
}

static uint32_t load_of(const struct rt_body *body, uint32_t i, rt_regs_t reg)
{
	struct rt_origin origin = rt_origin_of(body, i, (unsigned)__builtin_ctz(reg));
	return rt_origin_load(body, &origin);
}

bool rt_origin_compares(const struct rt_body *body, uint32_t i, uint32_t *one, uint32_t *other)
{
	const struct rt_insn *insn = &body->insns[i];
	rt_regs_t values = compared(insn), rest = values & (values - 1);
	if (!compares(body, i))
		return false;
	*one = load_of(body, i, values & ~rest);
	*other = insn->memories ? i : load_of(body, i, rest);
	return *one != RT_NO_INSN && *other != RT_NO_INSN && is_pair(body, *one, *other);
}

/* ---- addresses that differ ---- */

static bool changes(const struct rt_body *body, uint32_t i, unsigned reg)
{
	return rt_slice_changes(&body->insns[i]) & 1u << reg;
}

static void mark_reached(struct rt_body *body, uint32_t i, uint32_t *again, uint32_t from)
{
	if (i == RT_NO_INSN || body->marks[i] & RT_MARK_REACHED)
		return;
	body->marks[i] |= RT_MARK_REACHED;
	*again = i < from && i < *again ? i : *again;
}

/* What the register has behind `start`, or as the function is entered, may be what it has before `goal`. */
static bool reaches(struct rt_body *body, uint32_t start, uint32_t goal, unsigned reg)
{
	uint32_t again = start == RT_NO_INSN ? 0 : start;
	bool first = true;
	for (uint32_t i = 0; i < body->count; i++)
		body->marks[i] &= ~RT_MARK_REACHED;
	if (start == RT_NO_INSN)
		body->marks[0] |= RT_MARK_REACHED;
	for (uint32_t from = again; from < body->count; from = again) {
		again = body->count;
		for (uint32_t i = from; i < body->count; i++) {
			bool begins = first && i == start;
			if (!begins && (!(body->marks[i] & RT_MARK_REACHED) || changes(body, i, reg)))
				continue;
			mark_reached(body, body->next[i], &again, i);
			mark_reached(body, body->targets[i], &again, i);
		}
		first = false;
	}
	return body->marks[goal] & RT_MARK_REACHED;
}

/* What gives a register the value that it has before `goal`, if those are loads, all of one place: the first of them. RT_NO_INSN:
 * something else may. */
static uint32_t reaching_load(struct rt_body *body, uint32_t goal, unsigned reg)
{
	uint32_t found = RT_NO_INSN;
	if (body->count > SMALL || reaches(body, RT_NO_INSN, goal, reg))
		return RT_NO_INSN;
	for (uint32_t i = 0; i < body->count; i++) {
		if (body->insns[i].flow == RT_FLOW_INDIRECT) /* a table may lead anywhere */
			return RT_NO_INSN;
		if (!changes(body, i, reg) || !reaches(body, i, goal, reg))
			continue;
		bool is_load = rt_alike_is_load(body, i) && !rt_slice_value(&body->insns[i]);
		if (!is_load || (found != RT_NO_INSN && !rt_slice_same_place(&body->insns[found].memory[0],
								&body->insns[i].memory[0])))
			return RT_NO_INSN;
		found = found == RT_NO_INSN ? i : found;
	}
	return found;
}

uint32_t rt_origin_any_load(struct rt_body *body, const struct rt_origin *origin)
{
	uint32_t load = rt_origin_load(body, origin);
	return load == RT_NO_INSN ? reaching_load(body, origin->at, origin->reg) : load;
}

/* The field that the address was loaded from; NULL: it was not. */
static const struct rt_memory *base_field(struct rt_body *body, uint32_t i)
{
	const struct rt_memory *memory = &body->insns[i].memory[0];
	if (memory->base >= RT_VALUES || memory->index != RT_REG_NONE)
		return NULL;
	struct rt_origin origin = rt_origin_of(body, i, memory->base);
	uint32_t load = rt_origin_any_load(body, &origin);
	return load == RT_NO_INSN ? NULL : &body->insns[load].memory[0];
}

bool rt_origin_is_apart(struct rt_body *body, uint32_t one, uint32_t other)
{
	const struct rt_memory *a = base_field(body, one), *b = base_field(body, other);
	return a && b && a->base == b->base && a->index == b->index && a->displacement != b->displacement;
}
