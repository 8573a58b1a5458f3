#include "claim.h"

#include "alike.h"
#include "back.h"
#include "slice.h"
#include "soon.h"

enum {
	BESIDE = 16, /* bytes */
	NEAR = 24,   /* instructions from the comparison to the exchange */
	FAR = 64,    /* and back to the load: without optimisation everything is kept in the frame */
	SLOTS = 8,
	CLAIMS = 16
};

static bool is_exchange(const struct rt_body *body, const struct rt_insn *insn)
{
	return insn->is_locked && rt_code_compares(body->module->text.code + insn->offset, insn->bytes);
}

/* The exchange that control comes to from i on, straight ahead. */
static uint32_t find_exchange(const struct rt_body *body, uint32_t i)
{
	for (unsigned near = 0; near < NEAR && i != RT_NO_INSN; near++, i = body->next[i])
		if (is_exchange(body, &body->insns[i]))
			return i;
		else if (body->insns[i].flow != RT_FLOW_NEXT)
			break;
	return RT_NO_INSN;
}

struct loop {
	uint32_t first, last;
	rt_regs_t changed; /* by something in it */
};

/* The smallest loop around both that a branch upwards closes. Where there is none, blocks may lie in another order: the function. Whether
 * anything goes round there is for the caller to ask. */
static void find_loop(const struct rt_body *body, uint32_t low, uint32_t high, struct loop *loop)
{
	*loop = (struct loop){.last = RT_NO_INSN};
	for (uint32_t i = high; i < body->count; i++) {
		uint32_t target = body->targets[i];
		if (target <= low && body->insns[i].flow != RT_FLOW_CALL &&
			(loop->last == RT_NO_INSN || i - target < loop->last - loop->first)) {
			loop->first = target;
			loop->last = i;
		}
	}
	if (loop->last == RT_NO_INSN)
		loop->last = body->count - 1;
	for (uint32_t i = loop->first; i <= loop->last; i++)
		loop->changed |= body->insns[i].changes;
}

static void begin_with(struct rt_slice *slice, const struct rt_body *body, rt_regs_t needed)
{
	rt_slice_begin(slice, body, 0, 0, body->count - 1);
	slice->needed = rt_regs_values(needed);
}

/* A constant is what a lock is expected to be, and who takes one, or gives it back, may look at anything before. */
static bool expects_constant(const struct rt_body *body, uint32_t exchange)
{
	struct rt_slice expected;
	begin_with(&expected, body, 1u << RT_RAX);
	for (uint32_t i = exchange, near = 0; i-- > 0 && near < NEAR; near++)
		if (!rt_slice_follow(&expected, i, false))
			return false;
		else if (!expected.needed && !expected.slot_count)
			return !expected.load_count;
	return false;
}

/* Control comes to `i` from the instruction before, and from nowhere else. */
static bool comes_straight(const struct rt_body *body, uint32_t i)
{
	if (!(body->marks[i] & RT_MARK_LEADER))
		return body->insns[i - 1].flow == RT_FLOW_NEXT;
	if (body->insns[i - 1].flow != RT_FLOW_BRANCH || body->marks[i] & RT_MARK_OUTSIDE)
		return false;
	for (uint32_t at = 0; at < body->count; at++)
		if (body->targets[at] == i)
			return false;
	return true;
}

/* From the branch back to where control may come from elsewhere; the value may have been asked something else before. */
static void follow_straight(const struct rt_body *body, uint32_t branch, struct rt_slice *slice)
{
	for (uint32_t i = branch, far = 0; i && far < FAR && (slice->needed || slice->slot_count); far++, i--)
		if (!comes_straight(body, i) || !rt_slice_follow(slice, i - 1, false))
			return;
}

/* Loads that decide whether to exchange. */
struct claims {
	struct claim {
		uint32_t load, exchange;
	} at[CLAIMS];
	unsigned count;
};

/* A failed exchange leads to the load. Compilers peel the first round off the loop: then it leads to that of the others. */
static bool leads_back(struct rt_body *body, const struct claims *claims, uint32_t load, uint32_t exchange)
{
	struct rt_alike_place place = rt_alike_place(body, load);
	if (rt_soon_comes(body, exchange, load, RT_SOON, NULL, NULL))
		return true;
	for (unsigned i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->at[i];
		struct rt_alike_place other = rt_alike_place(body, claim->load);
		if (rt_alike_is_same(&place, &other) &&
			rt_slice_same_place(
				&body->insns[claim->exchange].memory[0], &body->insns[exchange].memory[0]) &&
			rt_soon_comes(body, exchange, claim->load, RT_SOON, NULL, NULL))
			return true;
	}
	return false;
}

/* Those whose address changes in the loop: one that stays is the object itself, or a constant. */
static void mark_loads(struct rt_body *body, struct claims *claims, uint32_t branch, uint32_t exchange)
{
	struct rt_slice slice;
	struct loop loop;
	if (expects_constant(body, exchange))
		return;
	find_loop(body, branch, exchange > branch ? exchange : branch, &loop);
	rt_slice_begin(&slice, body, branch, loop.first, loop.last);
	follow_straight(body, branch, &slice);
	for (unsigned i = 0; i < slice.load_count; i++) {
		uint32_t load = slice.loads[i];
		const struct rt_memory *memory = &body->insns[load].memory[0];
		if (body->marks[load] & RT_MARK_WAITS || rt_slice_is_frame(body, memory) ||
			!(rt_slice_address(memory) & loop.changed) ||
			!leads_back(body, claims, load, exchange))
			continue;
		body->marks[load] |= RT_MARK_WAITS;
		if (claims->count < CLAIMS)
			claims->at[claims->count++] = (struct claim){load, exchange};
	}
}

/* Loads from beside what a loop exchanges, done again each time the exchange failed: a pointer that goes with a position. */
static void mark_neighbours(struct rt_body *body, uint32_t exchange)
{
	const struct rt_memory *word = &body->insns[exchange].memory[0];
	struct loop loop;
	if (word->index != RT_REG_NONE || expects_constant(body, exchange))
		return;
	find_loop(body, exchange, exchange, &loop);
	if (rt_slice_address(word) & loop.changed)
		return;
	for (uint32_t i = loop.first; i <= loop.last; i++) {
		const struct rt_insn *insn = &body->insns[i];
		const struct rt_memory *memory = &insn->memory[0];
		int64_t away = memory->displacement - word->displacement;
		if (insn->memories == 1 && !memory->write && memory->form == RT_FORM_PLAIN &&
			memory->bytes == 8 && memory->base == word->base && memory->index == RT_REG_NONE &&
			!memory->segment && away && away >= -BESIDE && away <= BESIDE &&
			rt_soon_comes(body, exchange, i, RT_SOON, NULL, NULL))
			body->marks[i] |= RT_MARK_WAITS;
	}
}

/* Of its own frame it changes nothing: so compilers make fences. */
static bool changes_atomically(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	return insn->is_locked && !(insn->memories && rt_slice_is_frame(body, &insn->memory[0]));
}

/* Instructions on the one way to an exchange, backwards from it: not always as they lie, for a loop that compilers turned round may
 * have its test below. */
struct way {
	uint32_t at[NEAR];
	unsigned count;
};

static void find_way(const struct rt_body *body, uint32_t exchange, struct way *way)
{
	uint32_t i = rt_back_from(body, exchange);
	for (way->count = 0; i != RT_NO_INSN && way->count < NEAR && !changes_atomically(body, i);
		i = rt_back_from(body, i))
		way->at[way->count++] = i;
}

/* The other way than the one that leads to the exchange does not lead back to that. */
static bool goes_past(const struct rt_body *body, const struct way *way, unsigned n, uint32_t exchange)
{
	uint32_t branch = way->at[n], came = n ? way->at[n - 1] : exchange;
	uint32_t other = body->targets[branch] == came ? body->next[branch] : body->targets[branch];
	for (unsigned i = 0; i < n; i++)
		if (way->at[i] == other)
			return false;
	return body->insns[branch].flow == RT_FLOW_BRANCH && other != exchange;
}

static bool shares(const struct rt_slice *one, const struct rt_slice *other)
{
	if (one->needed & other->needed & RT_VALUES_ALL)
		return true;
	for (unsigned i = 0; i < one->slot_count; i++)
		for (unsigned n = 0; n < other->slot_count; n++)
			if (rt_slice_same_place(&one->slots[i], &other->slots[n]))
				return true;
	return false;
}

/* From the branch back to where control may come from elsewhere; false: it does not ask what is expected. */
static bool asks_expected(
	const struct rt_body *body, uint32_t branch, struct rt_slice *slice, const struct rt_slice *before)
{
	struct rt_slice expected;
	bool shared = false;
	rt_bytes_copy(&expected, before, sizeof(expected));
	for (uint32_t i = branch, far = 0; i && far < FAR && (slice->needed || slice->slot_count);
		far++, i--) {
		shared |= shares(slice, &expected);
		if (body->marks[i] & RT_MARK_LEADER || body->insns[i - 1].flow != RT_FLOW_NEXT ||
			!rt_slice_follow(slice, i - 1, false) || !rt_slice_follow(&expected, i - 1, false))
			break;
	}
	return shared;
}

/* On the way the word's address is made of both registers of the other one: one object, by two spellings. */
static bool is_made_of(const struct rt_body *body, const struct way *way, const struct rt_memory *word,
	const struct rt_memory *memory)
{
	const rt_regs_t parts = rt_slice_address(memory), whole = rt_slice_address(word);
	for (unsigned i = 0; i < way->count && word->index == RT_REG_NONE && memory->scale == 1; i++) {
		const struct rt_insn *insn = &body->insns[way->at[i]];
		if (insn->changes & whole)
			return !insn->memories && insn->flow == RT_FLOW_NEXT && (insn->uses & parts) == parts;
	}
	return false;
}

/* The object's own, or such a word of a like element: no list that is gone through. */
static bool is_field(const struct rt_body *body, const struct way *way, const struct rt_memory *memory,
	const struct rt_memory *word)
{
	return memory->index == RT_REG_NONE || (memory->index == word->index && memory->base == word->base) ||
	       is_made_of(body, way, word, memory);
}

/* Without a loop: who steals from a deque compares what he expects with its other end, once for each try. */
static void mark_guards(struct rt_body *body, uint32_t exchange, const struct way *way)
{
	struct rt_slice slice, expected;
	begin_with(&expected, body, 1u << RT_RAX);
	for (unsigned at = 0; at < way->count; at++) {
		uint32_t i = way->at[at];
		if (!rt_slice_follow(&expected, i, false))
			return;
		rt_slice_begin(&slice, body, i, 0, body->count - 1);
		if (!goes_past(body, way, at, exchange) || !asks_expected(body, i, &slice, &expected))
			continue;
		for (unsigned n = 0; n < slice.load_count; n++) {
			const struct rt_memory *memory = &body->insns[slice.loads[n]].memory[0];
			if (!rt_slice_is_frame(body, memory) && rt_slice_address(memory) &&
				is_field(body, way, memory, &body->insns[exchange].memory[0]))
				body->marks[slice.loads[n]] |= RT_MARK_WAITS;
		}
	}
}

/* Where on the way the expected value is loaded from the word itself, all that is made of it on the way on, and nothing else. False: it comes
 * from elsewhere. */
static bool find_expected(
	const struct rt_body *body, uint32_t exchange, const struct way *way, unsigned *from, rt_regs_t *has)
{
	const struct rt_memory *word = &body->insns[exchange].memory[0];
	struct rt_slice expected;
	begin_with(&expected, body, 1u << RT_RAX);
	for (*from = 0; *from < way->count; (*from)++) {
		const struct rt_insn *insn = &body->insns[way->at[*from]];
		*has = expected.needed;
		if (!rt_slice_follow(&expected, way->at[*from], false))
			return false;
		if (expected.load_count)
			return !expected.needed && insn->memories == 1 && !insn->memory[0].write &&
			       rt_slice_same_place(&insn->memory[0], word);
	}
	return false;
}

/* Nobody on the way on looks at what is in the registers. */
static bool is_kept(const struct rt_body *body, const struct way *way, unsigned n, rt_regs_t registers)
{
	while (n-- > 0)
		if (body->insns[way->at[n]].uses & registers)
			return false;
	return true;
}

/* From the nth instruction of the way back to `from`: the load that began what the registers have, through fields of what it points to. */
static void mark_pointer(
	struct rt_body *body, const struct way *way, unsigned n, unsigned from, rt_regs_t registers)
{
	uint32_t load = RT_NO_INSN;
	while (++n < from) {
		const struct rt_insn *insn = &body->insns[way->at[n]];
		if (!(rt_slice_changes(insn) & registers))
			continue;
		if (insn->memories != 1 || insn->memory[0].write)
			return;
		load = way->at[n];
		registers = rt_slice_address(&insn->memory[0]);
	}
	if (load != RT_NO_INSN && !rt_slice_is_frame(body, &body->insns[load].memory[0]))
		body->marks[load] |= RT_MARK_WAITS;
}

/* What is loaded from an array, by way of the number that is expected, before it is known whether the exchange succeeds, and not looked at
 * till then: who loses has loaded what others may be storing to, as a deque's thief. Likewise the pointer to the array, which may grow. */
static void mark_ahead(struct rt_body *body, uint32_t exchange, const struct way *way)
{
	unsigned from;
	rt_regs_t made;
	if (!find_expected(body, exchange, way, &from, &made))
		return;
	for (unsigned n = from; n-- > 0;) {
		const struct rt_insn *insn = &body->insns[way->at[n]];
		const struct rt_memory *memory = &insn->memory[0];
		rt_regs_t changes = rt_slice_changes(insn);
		if (rt_alike_is_load(body, way->at[n]) && rt_slice_address(memory) & made &&
			rt_slice_address(memory) & ~made && is_kept(body, way, n, changes)) {
			body->marks[way->at[n]] |= RT_MARK_WAITS;
			mark_pointer(body, way, n, from, rt_slice_address(memory) & ~made);
		}
		bool is_made = !insn->memories && insn->uses & made;
		made = (made & ~changes) | (is_made ? changes & RT_VALUES_ALL : 0);
	}
}

/* The look at the word itself that gives the value to expect, as before a sum of floating-point numbers is exchanged. */
static void mark_own(struct rt_body *body, uint32_t exchange)
{
	const struct rt_memory *word = &body->insns[exchange].memory[0];
	for (uint32_t i = exchange, near = 0; i-- > 0 && near < NEAR; near++) {
		const struct rt_insn *insn = &body->insns[i];
		bool goes_on = insn->flow == RT_FLOW_NEXT || insn->flow == RT_FLOW_BRANCH;
		if (!goes_on || insn->is_locked)
			return;
		if (insn->memories == 1 && !insn->memory[0].write &&
			rt_slice_same_place(&insn->memory[0], word))
			body->marks[i] |= RT_MARK_WAITS;
		if (rt_slice_address(word) & insn->changes)
			return;
	}
}

/* What is to be put there comes from where the expected value points to, as the node behind a stack's first one: it counts only
 * if nobody else was faster, who may have taken the node meanwhile and be writing to it. */
static void mark_pointed(struct rt_body *body, uint32_t exchange)
{
	const struct rt_insn *insn = &body->insns[exchange];
	const rt_regs_t expects = 1u << RT_RAX;
	struct rt_slice value, expected, pointer;
	uint32_t load = RT_NO_INSN;
	begin_with(&value, body, insn->uses & ~expects & ~rt_slice_address(&insn->memory[0]));
	begin_with(&expected, body, expects);
	for (uint32_t i = exchange, near = 0; i-- > 0 && near < NEAR; near++) {
		uint8_t flow = body->insns[i].flow;
		unsigned loads = value.load_count;
		if ((flow != RT_FLOW_NEXT && flow != RT_FLOW_BRANCH) || body->insns[i].is_locked)
			return;
		if (!rt_slice_follow(&expected, i, false) || !rt_slice_follow(&value, i, false) ||
			(load != RT_NO_INSN && !rt_slice_follow(&pointer, i, false)))
			return;
		if (load == RT_NO_INSN && value.load_count > loads) {
			load = i;
			begin_with(&pointer, body, rt_slice_address(&body->insns[i].memory[0]));
		}
		if (load != RT_NO_INSN && pointer.needed & expected.needed) {
			body->marks[load] |= RT_MARK_WAITS;
			return;
		}
	}
}

static void find_claims(struct rt_body *body, struct claims *claims)
{
	for (uint32_t i = 0; i < body->count; i++) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->flow != RT_FLOW_BRANCH || (insn->condition & ~1) != RT_CONDITION_EQUAL)
			continue;
		uint32_t equal = insn->condition == RT_CONDITION_EQUAL ? body->targets[i] : body->next[i];
		uint32_t exchange = find_exchange(body, equal);
		if (exchange != RT_NO_INSN)
			mark_loads(body, claims, i, exchange);
	}
}

void rt_claim_find(struct rt_body *body)
{
	struct claims claims;
	struct way way;
	for (uint32_t i = 0; i < body->count; i++) {
		if (!is_exchange(body, &body->insns[i]))
			continue;
		mark_own(body, i);
		mark_neighbours(body, i);
		find_way(body, i, &way);
		mark_guards(body, i, &way);
		mark_pointed(body, i);
		mark_ahead(body, i, &way);
	}
	claims.count = 0;
	find_claims(body, &claims);
	if (claims.count)
		find_claims(body, &claims);
}
