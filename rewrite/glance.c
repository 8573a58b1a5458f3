#include "glance.h"

#include "alike.h"
#include "meaning.h"
#include "slice.h"

enum {
	FAR = 48,     /* instructions back, straight */
	LEAST = 4,    /* bytes of an index */
	WITHIN = 4096 /* bytes: both are of one object */
};

/* What a value is made of: what the instruction before `at` put into the register, or what was there by then; and a constant. */
struct origin {
	uint32_t at;
	unsigned reg;
	int64_t more;
};

static unsigned number_of(rt_regs_t reg)
{
	return (unsigned)__builtin_ctz(reg);
}

/* It puts another register's value there, and a constant more. */
static bool follow(const struct rt_body *body, uint32_t i, struct origin *origin)
{
	const struct rt_insn *insn = &body->insns[i];
	struct rt_meaning meaning = rt_meaning_of(body, insn);
	rt_regs_t from = rt_regs_values(insn->uses);
	int64_t more = 0;
	bool is_sum = meaning.operation == RT_DO_ADD && meaning.from == RT_OPERAND_IMMEDIATE;
	if (insn->memories || !rt_regs_are_one(from) ||
		!(is_sum || rt_alike_lea(insn, &more) || rt_slice_is_copy(body, insn)))
		return false;
	origin->more += is_sum ? meaning.immediate : more;
	origin->reg = number_of(from);
	return true;
}

/* Of the register's value before the instruction. */
static struct origin origin_of(const struct rt_body *body, uint32_t i, unsigned reg)
{
	struct origin origin = {i, reg, 0};
	for (unsigned far = 0; far < FAR && origin.at && body->next[origin.at - 1] == origin.at; far++) {
		uint32_t before = origin.at - 1;
		if (rt_slice_changes(&body->insns[before]) & 1u << origin.reg &&
			!follow(body, before, &origin))
			break;
		origin.at = before;
	}
	return origin;
}

/* The load that a register's value comes from; RT_NO_INSN: there is none. */
static uint32_t load_of(const struct rt_body *body, uint32_t i, rt_regs_t reg)
{
	struct origin origin = origin_of(body, i, number_of(reg));
	uint32_t load = origin.at - 1;
	bool is_load = origin.at && body->next[load] == origin.at && rt_alike_is_load(body, load) &&
		       body->insns[load].changes & 1u << origin.reg && !rt_slice_value(&body->insns[load]);
	return is_load ? load : (uint32_t)RT_NO_INSN;
}

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

/* The loads of both values that the instruction compares. */
static bool find_loads(const struct rt_body *body, uint32_t i, uint32_t *one, uint32_t *other)
{
	const struct rt_insn *insn = &body->insns[i];
	rt_regs_t values = compared(insn), rest = values & (values - 1);
	*one = load_of(body, i, values & ~rest);
	if (*one == RT_NO_INSN)
		return false;
	*other = insn->memories ? i : load_of(body, i, rest);
	return *other != RT_NO_INSN;
}

static bool are_of_one_object(const struct rt_body *body, uint32_t one, uint32_t other)
{
	const struct rt_memory *a = &body->insns[one].memory[0], *b = &body->insns[other].memory[0];
	if (a->index != RT_REG_NONE || b->index != RT_REG_NONE || a->bytes != b->bytes || a->bytes < LEAST)
		return false;
	if (a->base == RT_REG_PC || b->base == RT_REG_PC)
		return a->base == b->base && a->displacement != b->displacement;
	if (a->base >= RT_VALUES || b->base >= RT_VALUES)
		return false;
	struct origin of_a = origin_of(body, one, a->base), of_b = origin_of(body, other, b->base);
	int64_t away = a->displacement + of_a.more - b->displacement - of_b.more;
	return of_a.at == of_b.at && of_a.reg == of_b.reg && away && away > -WITHIN && away < WITHIN;
}

static void mark(struct rt_body *body, uint32_t load)
{
	const uint32_t more = RT_MARK_WAITS | RT_MARK_FLAG | RT_MARK_RING | RT_MARK_OWN;
	if (!(body->marks[load] & more))
		body->marks[load] |= RT_MARK_GLANCE;
}

void rt_glance_find(struct rt_body *body)
{
	uint32_t one, other;
	for (uint32_t i = 0; i < body->count; i++)
		if (compares(body, i) && find_loads(body, i, &one, &other) &&
			are_of_one_object(body, one, other)) {
			mark(body, one);
			mark(body, other);
		}
}
