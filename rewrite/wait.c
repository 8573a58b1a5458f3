#include "wait.h"

#include "idle.h"
#include "look.h"
#include "meaning.h"
#include "slice.h"

enum { AROUND_MOST = 1 << 26 /* instructions, over all loops of a function */ };

static bool may_be_waiting(const struct rt_loop *loop, uint32_t i)
{
	const struct rt_insn *insn = &loop->body->insns[i];
	return !insn->is_locked && insn->flow != RT_FLOW_INDIRECT && insn->flow != RT_FLOW_RETURN &&
	       (insn->flow != RT_FLOW_CALL || rt_loop_yields(loop->body, i)) &&
	       !rt_loop_writes(loop->body, insn);
}

/* Whether the loop may wait at all, whatever way it goes round; finds what it changes. */
static bool survey(struct rt_loop *loop)
{
	bool may = true;
	for (uint32_t i = loop->first; i <= loop->last; i++) {
		if (rt_loop_leaves(loop, i))
			continue;
		loop->changed |= rt_slice_changes(&loop->body->insns[i]);
		may = may && may_be_waiting(loop, i);
	}
	loop->changed &= RT_REGS_ALL & ~(1u << RT_RSP);
	return may;
}

static bool is_settled(const struct rt_loop *loop, const struct rt_slice *slice)
{
	return !(slice->needed & (loop->changed | RT_FLAGS_ALL)) && !slice->slot_count;
}

/* What the round before left, on from before `end` to `first`, where nothing decides whether it was loaded at all. `needed`: where
 * the loop begins. */
static bool follow_round(
	const struct rt_loop *loop, uint32_t end, uint32_t first, struct rt_slice *slice, rt_regs_t needed)
{
	for (uint32_t i = end; i-- > first;) {
		bool decides = loop->body->insns[i].flow == RT_FLOW_BRANCH && i != loop->last;
		if (rt_loop_leaves(loop, i))
			continue;
		/* what is behind it keeps what is needed in the frame over a call, and has it again */
		bool keeps = decides && loop->body->targets[i] == loop->first && slice->needed == needed &&
			     !slice->slot_count;
		if ((decides && !keeps && !rt_loop_is_exit(loop, i)) || !rt_slice_follow(slice, i, true))
			return false;
	}
	return true;
}

/* The loop says that it waits: by `pause`, or a call that gives the processor away (survey). Then it may also give up. */
static bool pauses(const struct rt_loop *loop)
{
	for (uint32_t i = loop->first; i <= loop->last; i++)
		if (!rt_loop_leaves(loop, i) && rt_loop_pauses(loop->body, i))
			return true;
	return false;
}

/* A round only moves what is needed at the loop's beginning, and has it there again at its end. */
static bool is_kept(const struct rt_loop *loop, uint32_t branch, rt_regs_t needed)
{
	const struct rt_body *body = loop->body;
	struct rt_slice slice;
	rt_slice_begin(&slice, body, branch, loop->first, loop->last);
	slice.needed = needed;
	for (uint32_t i = loop->last + 1; i-- > loop->first;) {
		const struct rt_insn *insn = &body->insns[i];
		bool makes = insn->flow == RT_FLOW_NEXT && insn->changes & slice.needed & RT_VALUES_ALL;
		if (rt_loop_leaves(loop, i))
			continue;
		if ((makes && rt_meaning_of(body, insn).operation != RT_DO_MOVE) ||
			!rt_slice_follow(&slice, i, true))
			return false;
	}
	return slice.needed == needed && !slice.slot_count && !slice.load_count;
}

/* What the branch at `branch` depends on, followed backwards to the loop's beginning, is what the loop loads and what it does
 * not change. Where only a constant is left of it, control comes that way to leave: once, as behind the last of a few rounds. */
static bool depends_on_loads(const struct rt_loop *loop, uint32_t branch, struct rt_slice *slice)
{
	rt_slice_begin(slice, loop->body, branch, loop->first, loop->last);
	for (uint32_t i = branch; i-- > loop->first;)
		if (!rt_loop_leaves(loop, i) && !rt_slice_follow(slice, i, true))
			return false;
	unsigned loads = slice->load_count;
	rt_regs_t needed = slice->needed;
	if (is_settled(loop, slice))
		return loads || !slice->constants || slice->needed;
	if (!follow_round(loop, loop->last + 1, branch + 1, slice, needed))
		return false;
	if (is_settled(loop, slice))
		return slice->load_count > loads;
	if (!pauses(loop) || !follow_round(loop, branch + 1, loop->first, slice, needed))
		return false;
	if (is_settled(loop, slice))
		return slice->load_count > loads;
	return loads && slice->load_count == loads && slice->needed == needed &&
	       is_kept(loop, branch, needed);
}

/* The test of a switch whether there is such a case: what is above the last one has none, else control goes straight on by a
 * table. */
static bool is_range_check(const struct rt_loop *loop, uint32_t exit)
{
	enum { NOT_ABOVE = 6, ABOVE = 7 };
	uint8_t condition = loop->body->insns[exit].condition;
	return (condition == NOT_ABOVE || condition == ABOVE) &&
	       rt_loop_leads_to_table(loop->body, rt_loop_out(loop, exit));
}

/* A state machine: a switch in a loop, of which control goes round without a change where the switch has no such case. It waits for
 * nothing: that case is none. */
static bool is_switch(const struct rt_loop *loop)
{
	for (uint32_t at = loop->first; at <= loop->last; at++)
		if (rt_loop_is_exit(loop, at) && is_range_check(loop, at))
			return true;
	return false;
}

/* Of a loop in the loop that it leaves, too: a value that changes from one of its rounds to the next is none that is waited for. */
static bool depends_inside(const struct rt_loop *loop, uint32_t exit)
{
	struct rt_slice slice;
	struct rt_loop inner;
	for (uint32_t at = exit; at <= loop->last; at++) {
		uint32_t target = loop->body->targets[at];
		bool is_around = !rt_loop_leaves(loop, at) && !rt_loop_leaves(loop, target) &&
				 target <= exit && (target != loop->first || at != loop->last);
		if (is_around && rt_loop_find(&inner, loop->body, target, at) &&
			!rt_loop_leaves(&inner, exit) && survey(&inner) &&
			!depends_on_loads(&inner, exit, &slice))
			return false;
	}
	return true;
}

/* Or there is no other way out: a search that ends at the latest where its data end is none. */
static bool only_waits(const struct rt_loop *loop)
{
	struct rt_slice slice;
	for (uint32_t at = loop->first; at <= loop->last; at++)
		if (rt_loop_is_exit(loop, at) &&
			(!depends_on_loads(loop, at, &slice) || !depends_inside(loop, at)))
			return false;
	return true;
}

/* The loads whose values the branch asks for: one, or two that it compares. What gives their addresses is no matter. */
static bool find_asked(const struct rt_loop *loop, uint32_t branch, struct rt_slice *asked)
{
	rt_slice_begin(asked, loop->body, branch, loop->first, loop->last);
	for (uint32_t i = branch; i-- > loop->first;)
		if (!rt_loop_leaves(loop, i) && !rt_slice_follow(asked, i, false))
			return false;
	return asked->load_count == 1 || asked->load_count == 2;
}

static void mark_loads(const struct rt_loop *loop, uint32_t branch)
{
	struct rt_slice slice;
	if (!depends_on_loads(loop, branch, &slice))
		return;
	for (unsigned i = 0; i < slice.load_count; i++)
		rt_look_mark(loop, slice.loads[i]);
	if (find_asked(loop, branch, &slice))
		rt_look_mark_entries(loop, branch, &slice);
}

static bool does_nothing_else(const struct rt_loop *loop)
{
	for (uint32_t i = loop->first; i <= loop->last; i++) {
		const struct rt_insn *insn = &loop->body->insns[i];
		if (!rt_loop_leaves(loop, i) &&
			(insn->flow == RT_FLOW_CALL || (insn->memories && insn->memory[0].write)))
			return false;
	}
	return true;
}

/* There are several ways round, of which one may change nothing. */
static bool has_ways(const struct rt_loop *loop)
{
	const struct rt_body *body = loop->body;
	for (uint32_t i = loop->first; i <= loop->last; i++)
		if (!rt_loop_leaves(loop, i) && body->insns[i].flow == RT_FLOW_BRANCH &&
			!rt_loop_is_exit(loop, i))
			return true;
	return false;
}

/* Something that is none of its own slots. */
static bool loads(const struct rt_loop *loop)
{
	const struct rt_body *body = loop->body;
	for (uint32_t i = loop->first; i <= loop->last; i++)
		if (!rt_loop_leaves(loop, i) && body->insns[i].memories &&
			(body->takes_frame || !rt_slice_is_frame(body, &body->insns[i].memory[0])))
			return true;
	return false;
}

static bool is_polled(const struct rt_loop *loop, uint32_t i, bool has_ways)
{
	const struct rt_insn *insn = &loop->body->insns[i];
	const struct rt_memory *memory = &insn->memory[0];
	return !rt_loop_leaves(loop, i) && insn->memories == 1 && memory->form == RT_FORM_PLAIN &&
	       memory->bytes <= 8 && !memory->segment && !insn->uses_vectors &&
	       (has_ways || !(rt_slice_address(memory) & loop->changed)) &&
	       !rt_slice_is_frame(loop->body, memory) && !rt_slice_is_constant(loop->body, memory);
}

/* Where it leaves for good depends on nothing else that changes: a look at a flag, once in a round, and so many rounds at most. */
static bool decides(const struct rt_loop *loop, uint32_t load)
{
	struct rt_slice slice;
	for (uint32_t at = loop->first; at <= loop->last; at++) {
		if (!rt_loop_is_exit(loop, at))
			continue;
		uint32_t out = rt_loop_out(loop, at);
		bool is_last = out == RT_NO_INSN || !(loop->body->marks[out] & RT_MARK_AROUND);
		if (is_last && depends_on_loads(loop, at, &slice) && slice.load_count == 1 &&
			slice.loads[0] == load)
			return true;
	}
	return false;
}

/* Each time round before anything else is decided: control may go round in vain then, or the loop ends because of it alone. pre: what
 * goes round is marked. */
static bool stays_polled(const struct rt_loop *loop, const struct rt_idle *idle, uint32_t entry, uint32_t i)
{
	bool stays = !(rt_slice_address(&loop->body->insns[i].memory[0]) & loop->changed), idles = false;
	for (unsigned n = 0; n < idle->passed.count; n++)
		idles |= idle->passed.at[n] == i;
	return rt_loop_comes_first(loop->body, entry, i) && (idles || (stays && decides(loop, i)));
}

/* Those of the members, a bit for each, that may be looks. */
static uint64_t find_polled(const struct rt_loop *loop)
{
	uint64_t polled = 0;
	bool ways = has_ways(loop), nothing_else = does_nothing_else(loop);
	for (uint32_t i = loop->first; nothing_else && i <= loop->last; i++)
		polled |= is_polled(loop, i, ways) ? rt_loop_bit(loop, i) : 0;
	return polled;
}

/* Of those the ones that are. pre: what goes round is marked. */
static uint64_t find_polls(
	const struct rt_loop *loop, const struct rt_idle *idle, uint32_t entry, uint64_t polled)
{
	struct rt_loop around = *loop;
	around.changed |= rt_loop_changed_around(loop->body);
	for (uint32_t i = loop->first; i <= loop->last; i++)
		if (rt_loop_has(loop, polled, i) && !stays_polled(&around, idle, entry, i))
			polled &= ~rt_loop_bit(loop, i);
	return polled;
}

static void mark_settled(const struct rt_loop *loop, const struct rt_idle *idle)
{
	for (unsigned i = 0; i < idle->settled.count; i++)
		rt_look_mark(loop, idle->settled.at[i]);
}

/* A loop that stores nothing and calls nothing, and each time round, before anything else is decided, loads the same place: a plain
 * variable the compiler would have loaded once, before the loop. But it also leaves loads where they are, of what may not be loaded
 * at all, and turns loops later so that these come first. So the loop has to go round in vain where the value does not change, or to
 * end because of it alone. Code without optimisation keeps what the loop changes in its frame, and so stores; and it may look at other
 * things first, such as whether to go on. There nothing else may decide that control goes round in vain. */
static void mark_polls(const struct rt_loop *loop)
{
	struct rt_idle idle = {.settled.count = 0};
	uint64_t polled = find_polled(loop);
	if (!polled && (!loads(loop) || rt_loop_counts(loop)))
		return;
	uint32_t entry = rt_loop_mark_around(loop);
	bool works = rt_loop_works_around(loop->body);
	if (!works)
		rt_idle_find(loop->body, entry, false, &idle);
	polled = works ? 0 : find_polls(loop, &idle, entry, polled);
	rt_loop_forget_around(loop->body);
	mark_settled(loop, &idle);
	for (uint32_t i = loop->first; i <= loop->last; i++)
		if (rt_loop_has(loop, polled, i))
			rt_look_mark(loop, i);
}

/* A loop that does something on other ways round: where it finds nothing to do it gives the processor away, and looks again. */
static void mark_idle(const struct rt_loop *loop)
{
	struct rt_idle idle;
	uint32_t entry = rt_loop_mark_around(loop);
	rt_idle_find(loop->body, entry, true, &idle);
	rt_loop_forget_around(loop->body);
	mark_settled(loop, &idle);
}

/* What is marked stores to such a field. */
static bool stores_around(const struct rt_body *body, const struct rt_memory *place)
{
	for (uint32_t i = 0; i < body->count; i++)
		for (unsigned n = 0; body->marks[i] & RT_MARK_AROUND && n < body->insns[i].memories; n++) {
			const struct rt_memory *memory = &body->insns[i].memory[n];
			if (memory->write && memory->displacement == place->displacement &&
				memory->bytes == place->bytes && !rt_slice_is_frame(body, memory))
				return true;
		}
	return false;
}

/* By one look control comes to the rest of the larger loop, or all looks are at one variable that the rest gives back: so a thread takes
 * what another one offers, or does what it says. The other cases of a switch, and of what a search meets, are several looks. */
static bool serves(const struct rt_loop *loop)
{
	const struct rt_body *body = loop->body;
	const struct rt_memory *one = NULL, *looked;
	struct rt_slice slice;
	unsigned returns = 0, looks = 0, others = 0;
	for (uint32_t at = loop->first; at <= loop->last; at++) {
		if (!rt_loop_is_exit(loop, at))
			continue;
		uint32_t out = rt_loop_out(loop, at);
		bool is_look = depends_on_loads(loop, at, &slice) && slice.load_count;
		bool is_return = out != RT_NO_INSN && body->marks[out] & RT_MARK_AROUND;
		looked = is_look ? &body->insns[slice.loads[0]].memory[0] : NULL;
		others += !looked || (one && !rt_slice_same_place(one, looked));
		one = looked ? looked : one;
		returns += is_return;
		looks += is_return && is_look;
	}
	return (returns == 1 && looks == 1) || (!others && one && stores_around(body, one));
}

/* A way round a larger loop, which does something else on other ways: none of that is an atomic change, which may have failed. */
static bool is_part(const struct rt_loop *loop)
{
	rt_loop_mark_around(loop);
	bool is = rt_loop_works_around(loop->body) && !rt_loop_is_locked_around(loop->body) && !serves(loop);
	rt_loop_forget_around(loop->body);
	return is;
}

/* What is around a loop is looked for in the whole function. In one of a hundred thousand instructions and more not for each of its
 * loops: it would take minutes. */
static bool may_look_around(const struct rt_body *body, uint64_t *loops)
{
	return ++*loops * body->count <= AROUND_MOST;
}

void rt_wait_find(struct rt_body *body)
{
	struct rt_loop loop;
	uint64_t loops = 0;
	for (uint32_t i = 0; i < body->count; i++) {
		uint32_t target = body->targets[i];
		if (target == RT_NO_INSN || target > i || !rt_loop_find(&loop, body, target, i))
			continue;
		bool waits = pauses(&loop), around = may_look_around(body, &loops);
		if (!survey(&loop)) {
			if (waits && around)
				mark_idle(&loop);
			continue;
		}
		if (!waits && is_switch(&loop))
			continue;
		if (around)
			mark_polls(&loop);
		waits = waits || (around && only_waits(&loop) && !is_part(&loop));
		for (uint32_t at = target; waits && at <= i; at++)
			if (rt_loop_is_exit(&loop, at))
				mark_loads(&loop, at);
	}
}
