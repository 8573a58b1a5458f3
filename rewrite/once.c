#include "once.h"

#include "alike.h"

enum {
	FAR = RT_ALIKE_FAR, /* instructions between the look and the store */
	NEAR = 6            /* from the look to its branch */
};

/* The loaded value decides where control goes. */
static bool is_look(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	rt_regs_t value = insn->changes;
	if (!rt_alike_is_load(body, i))
		return false;
	bool is_compared = !value && insn->sets & RT_FLAGS_ALL;
	uint32_t at = body->next[i];
	for (unsigned near = 0; near < NEAR && at != RT_NO_INSN; near++, at = body->next[at]) {
		const struct rt_insn *next = &body->insns[at];
		if (next->flow != RT_FLOW_NEXT)
			return is_compared && next->flow == RT_FLOW_BRANCH;
		is_compared |= next->uses & value && next->sets & RT_FLAGS_ALL;
		value |= next->uses & value ? next->changes : 0;
	}
	return false;
}

/* Looks that lie near a store. Blocks that are seldom run lie behind the others, or before. */
struct looks {
	uint32_t at[2 * FAR];
	uint32_t first, end; /* modulo their number */
	uint32_t next;       /* the instruction that is to be looked at */
};

static void move_on(struct looks *looks, const struct rt_body *body, uint32_t store)
{
	while (looks->first != looks->end && looks->at[looks->first % RT_COUNT(looks->at)] + FAR < store)
		looks->first++;
	if (looks->next + FAR < store)
		looks->next = store - FAR;
	for (; looks->next < body->count && looks->next < store + FAR; looks->next++)
		if (is_look(body, looks->next))
			looks->at[looks->end++ % RT_COUNT(looks->at)] = looks->next;
}

static bool is_looked_at(const struct rt_body *body, uint32_t store, const struct looks *looks)
{
	struct rt_alike alike;
	rt_alike_begin(&alike, body, store);
	for (uint32_t i = looks->first; i != looks->end; i++)
		if (rt_alike_has(&alike, &body->insns[looks->at[i % RT_COUNT(looks->at)]].memory[0]))
			return true;
	return false;
}

void rt_once_find(struct rt_body *body)
{
	struct looks looks;
	looks.first = looks.end = looks.next = 0;
	for (uint32_t i = 0; i < body->count; i++) {
		if (!rt_alike_is_store(body, i))
			continue;
		move_on(&looks, body, i);
		if (is_looked_at(body, i, &looks))
			body->marks[i] |= RT_MARK_ONCE;
	}
}
