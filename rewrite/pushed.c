#include "pushed.h"

#include "meaning.h"
#include "origin.h"
#include "slice.h"

enum { NEAR = 24 }; /* instructions from the store to what else is done with what is stored */

/* What a register has is the own index, or a constant more. */
static bool is_own(struct rt_body *body, uint32_t i, rt_regs_t reg, const struct rt_memory *own)
{
	struct rt_origin origin = rt_origin_of(body, i, (unsigned)__builtin_ctz(reg));
	uint32_t load = rt_origin_any_load(body, &origin);
	return load != RT_NO_INSN && rt_slice_same_place(&body->insns[load].memory[0], own);
}

/* The field that an instruction compares the own index with; NULL: it compares something else. *other: it compares it with what is no
 * field. */
static const struct rt_memory *compared_with(
	struct rt_body *body, uint32_t i, const struct rt_memory *own, bool *other)
{
	const struct rt_insn *insn = &body->insns[i];
	const struct rt_memory *field = insn->memories == 1 ? &insn->memory[0] : NULL;
	rt_regs_t regs = rt_regs_values(insn->uses) & ~(field ? rt_slice_address(field) : 0),
		  first = regs & -regs;
	if (!(insn->sets & RT_FLAGS_ALL) || rt_meaning_of(body, insn).operation != RT_DO_COMPARE || !regs)
		return NULL;
	bool is_first = is_own(body, i, first, own);
	if (!is_first && !(regs & ~first && is_own(body, i, regs & ~first, own)))
		return NULL;
	if (!field && regs & ~first) {
		struct rt_origin origin =
			rt_origin_of(body, i, (unsigned)__builtin_ctz(is_first ? regs & ~first : first));
		uint32_t load = rt_origin_any_load(body, &origin);
		field = load == RT_NO_INSN ? NULL : &body->insns[load].memory[0];
	}
	*other |= !field;
	return field;
}

/* Nothing near compares the own index but with one field. */
static bool has_one_limit(struct rt_body *body, uint32_t store, const struct rt_memory *own)
{
	const struct rt_memory *limit = NULL;
	bool other = false;
	for (uint32_t i = store > NEAR ? store - NEAR : 0; i < body->count && i < store + NEAR; i++) {
		const struct rt_memory *field = compared_with(body, i, own, &other);
		other |= field && limit && !rt_slice_same_place(limit, field);
		limit = field ? field : limit;
	}
	return limit && !other;
}

/* It is the address of something that is accessed there. */
static bool points(struct rt_body *body, uint32_t store, const struct rt_memory *own)
{
	for (uint32_t i = store; i && store - i < NEAR; i--) {
		const struct rt_insn *insn = &body->insns[i - 1];
		rt_regs_t address = insn->memories ? rt_slice_address(&insn->memory[0]) : 0;
		if (rt_regs_are_one(address) && is_own(body, i - 1, address, own))
			return true;
	}
	return false;
}

bool rt_pushed_is(struct rt_body *body, uint32_t store)
{
	const struct rt_memory *word = &body->insns[store].memory[0];
	rt_regs_t value = rt_slice_value(&body->insns[store]);
	if (!rt_regs_are_one(value) || word->bytes != sizeof(uintptr_t))
		return false;
	struct rt_origin origin = rt_origin_of(body, store, (unsigned)__builtin_ctz(value));
	uint32_t load = origin.more ? rt_origin_any_load(body, &origin) : (uint32_t)RT_NO_INSN;
	if (load == RT_NO_INSN || body->insns[load].memory[0].displacement != word->displacement)
		return false;
	const struct rt_memory *own = &body->insns[load].memory[0];
	bool is_sized = origin.more > 1 || origin.more < -1;
	return has_one_limit(body, store, own) && (is_sized || points(body, store, own));
}
