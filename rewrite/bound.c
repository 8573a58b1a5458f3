#include "bound.h"

#include "loop.h"
#include "origin.h"
#include "slice.h"

enum {
	NEAR = 8,            /* instructions from what compares to the branch */
	PAIRS = 16,          /* of a function */
	INSNS_MOST = 1 << 15 /* of one that is looked at */
};

struct pair {
	uint32_t at, one, other;
};

static bool has(const struct rt_body *body, uint32_t i, uint32_t mark)
{
	return i != RT_NO_INSN && body->marks[i] & mark;
}

static void unmark(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		body->marks[i] &= ~(RT_MARK_AROUND | RT_MARK_APART);
}

static bool leads_to(const struct rt_body *body, uint32_t i, uint32_t mark)
{
	return has(body, body->next[i], mark) || has(body, body->targets[i], mark);
}

/* Marks RT_MARK_APART what control comes to behind `i`, with or without what gives the processor away. */
static void mark_behind(struct rt_body *body, uint32_t i, bool pauses)
{
	uint32_t from = i;
	bool first = true;
	while (from < body->count) {
		uint32_t again = body->count;
		for (uint32_t at = from; at < body->count; at++) {
			uint32_t ways[] = {body->next[at], body->targets[at]};
			if (!(first && at == i) && !has(body, at, RT_MARK_APART))
				continue;
			if (!pauses && rt_loop_pauses(body, at))
				continue;
			for (unsigned way = 0; way < RT_COUNT(ways); way++) {
				if (ways[way] == RT_NO_INSN || has(body, ways[way], RT_MARK_APART))
					continue;
				body->marks[ways[way]] |= RT_MARK_APART;
				again = ways[way] < at && ways[way] < again ? ways[way] : again;
			}
		}
		first = false;
		from = again;
	}
}

/* Marks RT_MARK_AROUND what goes round by `i`. */
static void mark_around(struct rt_body *body, uint32_t i)
{
	unmark(body);
	mark_behind(body, i, true);
	if (!has(body, i, RT_MARK_APART))
		return;
	body->marks[i] |= RT_MARK_AROUND;
	for (bool more = true; more;) {
		more = false;
		for (uint32_t at = body->count; at-- > 0;)
			if (has(body, at, RT_MARK_APART) && !has(body, at, RT_MARK_AROUND) &&
				leads_to(body, at, RT_MARK_AROUND)) {
				body->marks[at] |= RT_MARK_AROUND;
				more = true;
			}
	}
}

/* It may store to the word that is loaded there. */
static bool may_store(struct rt_body *body, uint32_t i, uint32_t load)
{
	const struct rt_memory *word = &body->insns[load].memory[0];
	const struct rt_insn *insn = &body->insns[i];
	for (unsigned n = 0; n < insn->memories; n++) {
		const struct rt_memory *memory = &insn->memory[n];
		bool may = memory->bytes == word->bytes &&
			   (memory->displacement == word->displacement || !memory->displacement);
		if (memory->write && may && !rt_slice_is_own(body, memory) &&
			!rt_origin_is_apart(body, i, load))
			return true;
	}
	return false;
}

/* The branch that asks what is compared. RT_NO_INSN: none is near. */
static uint32_t branch_of(const struct rt_body *body, uint32_t i)
{
	for (unsigned near = 0; near < NEAR && i != RT_NO_INSN; near++, i = body->next[i])
		if (body->insns[i].flow != RT_FLOW_NEXT)
			return body->insns[i].flow == RT_FLOW_BRANCH ? i : (uint32_t)RT_NO_INSN;
	return RT_NO_INSN;
}

/* Control may come back to `i` from `from` without giving the processor away. */
static bool hurries(struct rt_body *body, uint32_t from, uint32_t i)
{
	if (from == i)
		return true;
	unmark(body);
	mark_behind(body, from, false);
	return has(body, i, RT_MARK_APART);
}

/* Of what goes round it gives the processor away only if the branch finds one thing, and not if it finds the other: that says that it
 * waits. Who does it each time round waits for nothing in particular. */
static bool waits_at(struct rt_body *body, uint32_t branch, uint32_t i)
{
	bool pauses = false;
	for (uint32_t at = 0; at < body->count; at++)
		pauses |= has(body, at, RT_MARK_AROUND) && rt_loop_pauses(body, at);
	return pauses && hurries(body, body->next[branch], i) != hurries(body, body->targets[branch], i);
}

/* Registers that may have what either load loaded, or so much more: whichever way control goes round. */
static rt_regs_t values_of(const struct rt_body *body, const struct pair *pair)
{
	rt_regs_t values = body->insns[pair->one].changes | body->insns[pair->other].changes, before = 0;
	while (values != before) {
		before = values;
		for (uint32_t i = 0; i < body->count; i++) {
			const struct rt_insn *insn = &body->insns[i];
			bool copies = insn->flow == RT_FLOW_NEXT && !insn->memories && insn->uses & values;
			values |= copies && has(body, i, RT_MARK_AROUND) ? insn->changes : 0;
		}
	}
	return rt_regs_values(values);
}

/* What goes round loads something by way of either word: these are addresses, and no numbers of versions. pre: it is marked. */
static bool is_way_to_elements(const struct rt_body *body, const struct pair *pair)
{
	rt_regs_t values = values_of(body, pair);
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		rt_regs_t address = insn->memories ? rt_slice_address(&insn->memory[0]) & values : 0;
		if (!address || !has(body, i, RT_MARK_AROUND) || i == pair->one || i == pair->other)
			continue;
		struct rt_origin origin = rt_origin_of(body, i, (unsigned)__builtin_ctz(address));
		uint32_t load = rt_origin_load(body, &origin);
		if (load == RT_NO_INSN || load == pair->one || load == pair->other)
			return true;
	}
	return false;
}

/* Whatever the branch finds, control comes back, and nothing in between stores to either word, or says that it waits. */
static bool is_gone_through(struct rt_body *body, const struct pair *pair)
{
	uint32_t branch = branch_of(body, pair->at);
	if (branch == RT_NO_INSN)
		return false;
	mark_around(body, pair->at);
	bool is = has(body, body->next[branch], RT_MARK_AROUND) &&
		  has(body, body->targets[branch], RT_MARK_AROUND);
	for (uint32_t i = 0; is && i < body->count; i++)
		is = !has(body, i, RT_MARK_AROUND) ||
		     !(may_store(body, i, pair->one) || may_store(body, i, pair->other));
	is = is && is_way_to_elements(body, pair) && !waits_at(body, branch, pair->at);
	unmark(body);
	return is;
}

static bool are_alike(const struct rt_body *body, const struct pair *one, const struct pair *other)
{
	const struct rt_insn *insns = body->insns;
	return insns[one->one].memory[0].displacement == insns[other->one].memory[0].displacement &&
	       insns[one->other].memory[0].displacement == insns[other->other].memory[0].displacement;
}

static bool waits(const struct rt_body *body)
{
	uint32_t marks = 0;
	for (uint32_t i = 0; i < body->count; i++)
		marks |= body->marks[i];
	return marks & RT_MARK_WAITS && body->count <= INSNS_MOST;
}

void rt_bound_find(struct rt_body *body)
{
	struct pair pairs[PAIRS];
	unsigned count = 0;
	if (!waits(body))
		return;
	for (uint32_t i = 0; i < body->count && count < PAIRS; i++) {
		struct pair *pair = &pairs[count];
		pair->at = i;
		if (body->insns[i].sets & RT_FLAGS_ALL &&
			rt_origin_compares(body, i, &pair->one, &pair->other) &&
			body->marks[pair->one] & body->marks[pair->other] & RT_MARK_WAITS)
			count++;
	}
	for (unsigned i = 0; i < count; i++)
		if (is_gone_through(body, &pairs[i]))
			for (unsigned n = 0; n < count; n++)
				if (are_alike(body, &pairs[i], &pairs[n])) {
					body->marks[pairs[n].one] &= ~RT_MARK_WAITS;
					body->marks[pairs[n].other] &= ~RT_MARK_WAITS;
				}
}
