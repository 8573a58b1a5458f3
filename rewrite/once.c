#include "once.h"

#include "alike.h"
#include "imports.h"
#include "slice.h"
#include "soon.h"

enum {
	FAR = RT_ALIKE_FAR, /* instructions between the look and the store */
	NEAR = 6            /* from the look to its branch, and from what makes a value to its store */
};

/* The loaded value decides where control goes. */
static bool is_look(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	rt_regs_t value = insn->changes;
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

/* The value is one that was there before, changed: a flag in a word of several, or a count. What is made once is new. */
static bool is_changed(const struct rt_body *body, uint32_t store)
{
	const struct rt_insn *insn = &body->insns[store];
	rt_regs_t value = rt_slice_value(insn);
	for (uint32_t i = store; i-- && store - i <= NEAR && body->insns[i].flow == RT_FLOW_NEXT;) {
		insn = &body->insns[i];
		if (rt_slice_changes(insn) & value)
			return insn->uses & value && insn->sets & RT_FLAGS_ALL;
	}
	return false;
}

static bool has_locks(const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (body->insns[i].flow == RT_FLOW_CALL && rt_imports_locks(body->module, &body->insns[i]))
			return true;
	return false;
}

/* On the way to the store, and no lock is taken there. */
static bool passes(const struct rt_body *body, uint32_t i, const void *data)
{
	uint32_t store = *(const uint32_t *)data;
	return i + FAR >= store && i <= store + FAR &&
	       !(body->insns[i].flow == RT_FLOW_CALL && rt_imports_locks(body->module, &body->insns[i]));
}

/* An element of a table is none of the fields that lie at the same distance from where they begin. */
static bool is_alike(const struct rt_body *body, uint32_t one, uint32_t other)
{
	return (body->insns[one].memory[0].index == RT_REG_NONE) ==
	       (body->insns[other].memory[0].index == RT_REG_NONE);
}

/* `locks`: the function calls what takes one. A look that comes before that, always, is the first one, and not the second. */
static bool is_looked_at(struct rt_body *body, uint32_t store, const struct rt_alike_loads *loads, bool locks)
{
	struct rt_alike alike;
	struct rt_alike_walk walk = {0, 0};
	const struct rt_alike_place *load;
	rt_alike_begin(&alike, body, store);
	while ((load = rt_alike_next(loads, &alike, &walk)) != NULL)
		if (is_alike(body, load->at, store) && is_look(body, load->at) &&
			(!locks || rt_soon_comes(body, load->at, store, RT_SOON_MOST, passes, &store)))
			return true;
	return false;
}

void rt_once_find(struct rt_body *body)
{
	struct rt_alike_loads loads;
	bool locks = has_locks(body);
	rt_alike_loads_begin(&loads);
	for (uint32_t i = 0; i < body->count; i++) {
		if (!rt_alike_is_store(body, i) || is_changed(body, i))
			continue;
		rt_alike_loads_move(&loads, body, i);
		if (is_looked_at(body, i, &loads, locks))
			body->marks[i] |= RT_MARK_ONCE;
	}
}
