#include "wait.h"

#include "imports.h"
#include "slice.h"

enum {
	INSNS_MOST = 48,
	NEAR = 16, /* instructions from a first look to its loop */
	FAR = 64   /* bytes */
};

struct loop {
	struct rt_body *body;
	uint32_t first, last;
	uint64_t members;  /* a bit for each: what lies between the two may be where a way out leads to */
	rt_regs_t changed; /* by something in the loop */
};

static bool leaves(const struct loop *loop, uint32_t index)
{
	return index == RT_NO_INSN || index < loop->first || index > loop->last ||
	       !(loop->members >> (index - loop->first) & 1);
}

/* Whether the loop may wait at all; finds what it changes. */
static bool survey(struct loop *loop)
{
	for (uint32_t i = loop->first; i <= loop->last; i++) {
		const struct rt_insn *insn = &loop->body->insns[i];
		if (leaves(loop, i))
			continue;
		loop->changed |= rt_slice_changes(insn);
		if (insn->is_locked || insn->flow == RT_FLOW_INDIRECT || insn->flow == RT_FLOW_RETURN)
			return false;
		if (insn->flow == RT_FLOW_CALL && !rt_imports_yields(loop->body->module, insn))
			return false;
		for (unsigned n = 0; n < insn->memories; n++)
			if (insn->memory[n].write && !rt_slice_is_frame(loop->body, &insn->memory[n]))
				return false;
	}
	loop->changed &= RT_REGS_ALL & ~(1u << RT_RSP);
	return true;
}

/* Where control goes from there inside of the loop: a bit for each. */
static uint64_t successors(const struct loop *loop, uint32_t i)
{
	const struct rt_body *body = loop->body;
	uint32_t ways[] = {
		body->insns[i].flow == RT_FLOW_JUMP ? (uint32_t)RT_NO_INSN : body->next[i], body->targets[i]};
	uint64_t found = 0;
	_Static_assert(INSNS_MOST <= 64, "a bit for each");
	for (unsigned way = 0; way < 2; way++)
		if (!leaves(loop, ways[way]))
			found |= 1ull << (ways[way] - loop->first);
	return found;
}

/* Instructions that control comes to from the first one inside of the loop, and not by way of `but`. */
static uint64_t reach(const struct loop *loop, uint32_t but)
{
	uint64_t reached = 1, before = 0;
	while (reached != before) {
		before = reached;
		for (uint32_t i = loop->first; i <= loop->last; i++)
			if (i != but && reached >> (i - loop->first) & 1)
				reached |= successors(loop, i);
	}
	return reached;
}

/* Instructions from which it comes to the last one. */
static uint64_t lead_back(const struct loop *loop)
{
	uint64_t leading = 1ull << (loop->last - loop->first), before = 0;
	while (leading != before) {
		before = leading;
		for (uint32_t i = loop->last; i-- > loop->first;)
			if (leading & successors(loop, i))
				leading |= 1ull << (i - loop->first);
	}
	return leading;
}

/* What goes round. False: not all that a branch upwards spans is a loop. */
static bool find_members(struct loop *loop)
{
	loop->members = UINT64_MAX;
	loop->members = reach(loop, RT_NO_INSN) & lead_back(loop);
	return loop->members >> (loop->last - loop->first) & 1;
}

/* Or the same field of another object of that kind: so far from its beginning hardly anything else lies. */
static bool same_field(const struct rt_body *body, const struct rt_memory *one, const struct rt_memory *other)
{
	return rt_slice_same_place(one, other) ||
	       (one->displacement == other->displacement && one->displacement >= FAR &&
		       one->bytes == other->bytes && one->base < RT_REGISTERS && other->base < RT_REGISTERS &&
		       one->index == RT_REG_NONE && other->index == RT_REG_NONE && !one->segment &&
		       !rt_slice_is_frame(body, one) && !rt_slice_is_frame(body, other));
}

/* On the way from before `i`, straight ahead: loads of the same place. */
static void mark_looks_before(struct rt_body *body, uint32_t i, const struct rt_memory *memory)
{
	for (unsigned near = 0; i-- > 0 && near < NEAR; near++) {
		const struct rt_insn *insn = &body->insns[i];
		bool goes_on = insn->flow == RT_FLOW_NEXT || insn->flow == RT_FLOW_BRANCH;
		if (!goes_on || rt_slice_address(memory) & insn->changes & ~(1u << RT_RSP))
			return;
		if (insn->memories == 1 && !insn->memory[0].write &&
			rt_slice_same_place(&insn->memory[0], memory))
			body->marks[i] |= RT_MARK_WAITS;
	}
}

/* Compilers put the first look of a loop before it, and the loop out of the way. A field that a loop waits for is one wherever
 * the function looks at it. */
static void mark_first_looks(const struct loop *loop, uint32_t load)
{
	struct rt_body *body = loop->body;
	const struct rt_memory *memory = &body->insns[load].memory[0];
	bool is_named = memory->displacement || rt_slice_is_frame(body, memory);
	for (uint32_t i = 0; is_named && i < body->count; i++)
		if (body->insns[i].memories == 1 && !body->insns[i].memory[0].write &&
			same_field(body, &body->insns[i].memory[0], memory))
			body->marks[i] |= RT_MARK_WAITS;
	if (rt_slice_address(memory) & loop->changed)
		return;
	mark_looks_before(body, loop->first, memory);
	for (uint32_t i = 0; i < body->count; i++)
		if (body->targets[i] == loop->first && leaves(loop, i))
			mark_looks_before(body, i, memory);
}

static bool is_exit(const struct loop *loop, uint32_t at)
{
	const struct rt_body *body = loop->body;
	return !leaves(loop, at) && body->insns[at].flow == RT_FLOW_BRANCH &&
	       (leaves(loop, body->targets[at]) || leaves(loop, body->next[at]));
}

static bool is_settled(const struct loop *loop, const struct rt_slice *slice)
{
	return !(slice->needed & (loop->changed | RT_FLAGS_ALL)) && !slice->slot_count;
}

/* The branch looks at what the round before left: on from the loop's end, where nothing decides whether it was loaded at all. */
static bool follow_round(const struct loop *loop, uint32_t branch, struct rt_slice *slice)
{
	for (uint32_t i = loop->last + 1; i-- > branch + 1;) {
		bool decides = loop->body->insns[i].flow == RT_FLOW_BRANCH && i != loop->last;
		if (leaves(loop, i))
			continue;
		if ((decides && !is_exit(loop, i)) || !rt_slice_follow(slice, i, true))
			return false;
	}
	return true;
}

/* What the branch at `branch` depends on, followed backwards to the loop's beginning, is what the loop loads and what it does
 * not change. */
static bool depends_on_loads(const struct loop *loop, uint32_t branch, struct rt_slice *slice)
{
	rt_slice_begin(slice, loop->body, branch, loop->first, loop->last);
	for (uint32_t i = branch; i-- > loop->first;)
		if (!leaves(loop, i) && !rt_slice_follow(slice, i, true))
			return false;
	return is_settled(loop, slice) || (follow_round(loop, branch, slice) && is_settled(loop, slice));
}

/* The loop says that it waits: by `pause`, or a call that gives the processor away (survey). Then it may also give up. */
static bool pauses(const struct loop *loop)
{
	static const uint8_t pause[] = {0xf3, 0x90};
	for (uint32_t i = loop->first; i <= loop->last; i++) {
		const struct rt_insn *insn = &loop->body->insns[i];
		bool is_pause =
			insn->bytes == sizeof(pause) &&
			rt_bytes_equal(loop->body->module->text.code + insn->offset, pause, sizeof(pause));
		if (!leaves(loop, i) && (insn->flow == RT_FLOW_CALL || is_pause))
			return true;
	}
	return false;
}

/* The test of a switch whether there is such a case: what is above the last one has none, else control goes straight on by a
 * table. */
static bool is_range_check(const struct loop *loop, uint32_t exit)
{
	enum { NOT_ABOVE = 6, ABOVE = 7 };
	const struct rt_body *body = loop->body;
	uint8_t condition = body->insns[exit].condition;
	if (condition != NOT_ABOVE && condition != ABOVE)
		return false;
	uint32_t at = leaves(loop, body->targets[exit]) ? body->targets[exit] : body->next[exit];
	for (unsigned near = 0; near < NEAR && at != RT_NO_INSN; near++, at = body->next[at])
		if (body->insns[at].flow != RT_FLOW_NEXT)
			return body->insns[at].flow == RT_FLOW_INDIRECT;
	return false;
}

/* A state machine: a switch in a loop, of which control goes round without a change where the switch has no such case. It waits for
 * nothing: that case is none. */
static bool is_switch(const struct loop *loop)
{
	for (uint32_t at = loop->first; at <= loop->last; at++)
		if (is_exit(loop, at) && is_range_check(loop, at))
			return true;
	return false;
}

/* Or there is no other way out: a search that ends at the latest where its data end is none. */
static bool only_waits(const struct loop *loop)
{
	struct rt_slice slice;
	for (uint32_t at = loop->first; at <= loop->last; at++)
		if (is_exit(loop, at) && !depends_on_loads(loop, at, &slice))
			return false;
	return true;
}

/* Where control comes to from there without touching memory, `to` at the farthest; what sets a loop up is passed by, too. */
static uint32_t arrives(const struct rt_body *body, uint32_t at, uint32_t to)
{
	for (unsigned near = 0; near < NEAR && at != RT_NO_INSN && at != to; near++) {
		const struct rt_insn *insn = &body->insns[at];
		if (insn->flow == RT_FLOW_JUMP)
			at = body->targets[at];
		else if (insn->flow == RT_FLOW_NEXT &&
			 (insn->is_nop || (to != RT_NO_INSN && !insn->memories)))
			at = body->next[at];
		else
			break;
	}
	return at;
}

static bool enters(const struct loop *loop, uint32_t at)
{
	return arrives(loop->body, at, loop->first) == loop->first ||
	       !leaves(loop, arrives(loop->body, at, RT_NO_INSN));
}

/* The branch decides between the loop and `out`, where its exit leads to: it is the exit's own test, done before the loop. */
static bool guards(const struct loop *loop, uint32_t guard, uint32_t out)
{
	const struct rt_body *body = loop->body;
	uint32_t target = body->targets[guard], next = body->next[guard];
	return (enters(loop, target) && arrives(body, next, RT_NO_INSN) == out) ||
	       (enters(loop, next) && arrives(body, target, RT_NO_INSN) == out);
}

/* Straight back from before `i` to where its block begins: the one load, of so many bytes, that the slice began to ask for. */
static void mark_asked(struct rt_body *body, struct rt_slice *slice, uint32_t i, uint8_t bytes)
{
	while (i && body->insns[i - 1].flow == RT_FLOW_NEXT && !(body->marks[i] & RT_MARK_LEADER) &&
		rt_slice_follow(slice, i - 1, false))
		i--;
	if (slice->load_count == 1 && body->insns[slice->loads[0]].memory[0].bytes == bytes)
		body->marks[slice->loads[0]] |= RT_MARK_WAITS;
}

/* The first look may reach the place by another sum of registers than the loop does. */
static void mark_guards(const struct loop *loop, uint32_t exit, uint8_t bytes)
{
	struct rt_body *body = loop->body;
	struct rt_slice slice;
	bool is_target = leaves(loop, body->targets[exit]);
	uint32_t out = arrives(body, is_target ? body->targets[exit] : body->next[exit], RT_NO_INSN);
	for (uint32_t guard = 0; out != RT_NO_INSN && guard < loop->first; guard++) {
		if (body->insns[guard].flow != RT_FLOW_BRANCH || !guards(loop, guard, out))
			continue;
		rt_slice_begin(&slice, body, guard, 0, body->count - 1);
		mark_asked(body, &slice, guard, bytes);
	}
}

/* Code without optimisation tests in the loop what was loaded before it: `in` is where it comes in, from before `from`. */
static void mark_entry(const struct loop *loop, uint32_t exit, uint32_t in, uint32_t from, uint8_t bytes)
{
	struct rt_slice slice;
	rt_slice_begin(&slice, loop->body, exit, 0, loop->body->count - 1);
	for (uint32_t i = exit; i > in; i--)
		if (!rt_slice_follow(&slice, i - 1, false))
			return;
	if (!slice.load_count)
		mark_asked(loop->body, &slice, from, bytes);
}

/* It runs into the loop, or jumps to the test at its end. */
static void mark_entries(const struct loop *loop, uint32_t exit, uint8_t bytes)
{
	const struct rt_body *body = loop->body;
	uint32_t before = loop->first - 1;
	if (loop->first && body->insns[before].flow == RT_FLOW_NEXT)
		mark_entry(loop, exit, before, before, bytes);
	for (uint32_t jump = 0; jump < loop->first; jump++) {
		uint32_t in = body->targets[jump];
		if (body->insns[jump].flow == RT_FLOW_JUMP && in >= loop->first && in <= exit)
			mark_entry(loop, exit, in, jump, bytes);
	}
}

static void mark_load(const struct loop *loop, uint32_t load)
{
	loop->body->marks[load] |= RT_MARK_WAITS;
	mark_first_looks(loop, load);
}

static void mark_loads(const struct loop *loop, uint32_t branch)
{
	struct rt_slice slice;
	if (!depends_on_loads(loop, branch, &slice))
		return;
	for (unsigned i = 0; i < slice.load_count; i++)
		mark_load(loop, slice.loads[i]);
	if (slice.load_count != 1)
		return;
	uint8_t bytes = loop->body->insns[slice.loads[0]].memory[0].bytes;
	mark_guards(loop, branch, bytes);
	mark_entries(loop, branch, bytes);
}

static bool does_nothing_else(const struct loop *loop)
{
	for (uint32_t i = loop->first; i <= loop->last; i++) {
		const struct rt_insn *insn = &loop->body->insns[i];
		if (!leaves(loop, i) &&
			(insn->flow == RT_FLOW_CALL || (insn->memories && insn->memory[0].write)))
			return false;
	}
	return true;
}

/* Whatever way control takes round the loop, or out of it, it comes by there first. */
static bool comes_first(const struct loop *loop, uint32_t i)
{
	uint64_t others = reach(loop, i) & ~(1ull << (i - loop->first));
	for (uint32_t at = loop->first; at <= loop->last; at++)
		if (others >> (at - loop->first) & 1 && (at == loop->last || is_exit(loop, at)))
			return false;
	return true;
}

/* A loop that stores nothing and calls nothing, and each time round, before anything else is decided, loads the same place: were it a
 * plain variable the compiler would have loaded it once, before the loop. (What may not be loaded at all it leaves where it is.) Code
 * without optimisation keeps what the loop changes in its frame, and so stores. */
static void mark_polls(const struct loop *loop)
{
	const struct rt_body *body = loop->body;
	if (!does_nothing_else(loop))
		return;
	for (uint32_t i = loop->first; i <= loop->last; i++) {
		const struct rt_insn *insn = &body->insns[i];
		const struct rt_memory *memory = &insn->memory[0];
		if (!leaves(loop, i) && insn->memories == 1 && memory->form == RT_FORM_PLAIN &&
			memory->bytes <= 8 && !memory->segment && !rt_slice_is_frame(body, memory) &&
			!(rt_slice_address(memory) & loop->changed) && comes_first(loop, i))
			mark_load(loop, i);
	}
}

void rt_wait_find(struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++) {
		uint32_t target = body->targets[i];
		if (target == RT_NO_INSN || target > i || i - target >= INSNS_MOST)
			continue;
		struct loop loop = {.body = body, .first = target, .last = i};
		if (!find_members(&loop) || !survey(&loop))
			continue;
		bool waits = pauses(&loop), may_wait = waits || !is_switch(&loop);
		if (may_wait)
			mark_polls(&loop);
		waits = waits || (may_wait && only_waits(&loop));
		for (uint32_t at = target; waits && at <= i; at++)
			if (is_exit(&loop, at))
				mark_loads(&loop, at);
	}
}
