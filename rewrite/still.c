#include "still.h"

#include "alike.h"
#include "loop.h"
#include "slice.h"

enum { SPAN_MOST = 512 /* instructions from the first to the last that goes round */ };

/* What is marked RT_MARK_AROUND, all of which lies from `low` to `high`. */
struct still {
	struct rt_body *body;
	uint32_t entry, low, high;
	rt_regs_t changed;
	rt_regs_t before[SPAN_MOST]; /* of each: what is found out of registers and flags as it begins */
};

static bool has(const struct still *still, uint32_t i, uint32_t mark)
{
	return i != RT_NO_INSN && still->body->marks[i] & mark;
}

static void unmark(struct still *still, uint32_t marks)
{
	for (uint32_t i = still->low; i <= still->high; i++)
		still->body->marks[i] &= ~marks;
}

/* ---- what goes round ---- */

/* It does nothing that stays, but to registers. What vectors hold is not followed. */
static bool is_still(const struct rt_body *body, uint32_t i)
{
	const struct rt_insn *insn = &body->insns[i];
	for (unsigned n = 0; n < insn->memories; n++)
		if (insn->memory[n].write)
			return false;
	if (insn->is_locked || insn->uses_vectors || insn->flow == RT_FLOW_INDIRECT ||
		insn->flow == RT_FLOW_RETURN || insn->flow == RT_FLOW_STOP)
		return false;
	return insn->flow == RT_FLOW_CALL ? rt_loop_yields(body, i) : !rt_body_calls_kernel(body, insn);
}

/* Control goes there and on to what is marked, without a new round. */
static bool leads(const struct still *still, uint32_t to)
{
	return to != still->entry && has(still, to, RT_MARK_AROUND);
}

/* Marks what leads from the entry to the last one, a branch back. False: not all of it is still. */
static bool mark_between(const struct still *still)
{
	struct rt_body *body = still->body;
	if (!is_still(body, still->high))
		return false;
	body->marks[still->high] |= RT_MARK_AROUND;
	for (bool more = true; more;) {
		more = false;
		for (uint32_t i = still->high; i-- > still->low;) {
			if (has(still, i, RT_MARK_AROUND) ||
				!(leads(still, body->next[i]) || leads(still, body->targets[i])))
				continue;
			if (!is_still(body, i))
				return false;
			body->marks[i] |= RT_MARK_AROUND;
			more = true;
		}
	}
	return has(still, still->entry, RT_MARK_AROUND);
}

/* All that goes round, wherever it lies. False: control comes there by other ways, too, or there is too much. */
static bool mark_whole(struct still *still)
{
	const struct rt_body *body = still->body;
	uint32_t low = still->low, high = still->high;
	still->low = 0;
	still->high = body->count - 1;
	if (!rt_loop_widen(still->body, still->entry))
		return false;
	for (uint32_t i = still->low; i <= still->high; i++) {
		if (!has(still, i, RT_MARK_AROUND))
			continue;
		if (!is_still(body, i))
			return false;
		low = i < low ? i : low;
		high = i > high ? i : high;
	}
	unmark(still, RT_MARK_APART);
	if (high - low >= SPAN_MOST)
		return false;
	still->low = low;
	still->high = high;
	return true;
}

/* Of a switch in a loop, what goes round for the cases that there are none of. */
static bool is_switch(const struct still *still)
{
	for (uint32_t i = still->low; i <= still->high; i++)
		if (has(still, i, RT_MARK_AROUND) && still->body->insns[i].flow == RT_FLOW_BRANCH &&
			(rt_loop_leads_to_table(still->body, still->body->next[i]) ||
				rt_loop_leads_to_table(still->body, still->body->targets[i])))
			return true;
	return false;
}

/* ---- what decides ---- */

static rt_regs_t changes_of(const struct rt_insn *insn)
{
	return (rt_slice_changes(insn) | insn->sets) & ~(1u << RT_RSP);
}

static rt_regs_t address_of(const struct rt_insn *insn)
{
	return insn->memories ? rt_slice_address(&insn->memory[0]) : 0;
}

static void forget(struct still *still)
{
	rt_bytes_zero(still->before, (still->high - still->low + 1) * sizeof(still->before[0]));
}

/* What stands before the instructions that control comes to next, in the same round. */
static rt_regs_t after(const struct still *still, uint32_t i)
{
	uint32_t next = still->body->next[i], target = still->body->targets[i];
	return (leads(still, next) ? still->before[next - still->low] : 0) |
	       (leads(still, target) ? still->before[target - still->low] : 0);
}

/* Registers and flags that decide where control goes; `addresses`: and where that is loaded. */
static void find_asked(struct still *still, bool addresses)
{
	forget(still);
	for (bool more = true; more;) {
		more = false;
		for (uint32_t i = still->high + 1; i-- > still->low;) {
			const struct rt_insn *insn = &still->body->insns[i];
			rt_regs_t asked = after(still, i), *before = &still->before[i - still->low];
			bool is = insn->flow == RT_FLOW_BRANCH || insn->flow == RT_FLOW_LOOP ||
				  changes_of(insn) & asked;
			if (!has(still, i, RT_MARK_AROUND))
				continue;
			asked &= ~insn->sets;
			asked |= is ? insn->uses & ~(addresses ? 0 : address_of(insn)) : 0;
			more |= (asked & ~*before) != 0;
			*before |= asked;
		}
	}
}

/* Of the registers that the instruction changes, those that get something of a kind, where `now` have it. */
typedef rt_regs_t gets(const struct still *still, const struct rt_insn *insn, rt_regs_t now);

static bool add(struct still *still, uint32_t to, rt_regs_t registers)
{
	if (!leads(still, to) || !(registers & ~still->before[to - still->low]))
		return false;
	still->before[to - still->low] |= registers;
	return true;
}

/* Which registers have something of a kind before each instruction of a round, where `from` have it as that begins. */
static void follow(struct still *still, rt_regs_t from, gets *gets_it)
{
	forget(still);
	still->before[still->entry - still->low] = from;
	for (bool more = true; more;) {
		more = false;
		for (uint32_t i = still->low; i <= still->high; i++) {
			const struct rt_insn *insn = &still->body->insns[i];
			rt_regs_t now = still->before[i - still->low];
			if (!has(still, i, RT_MARK_AROUND))
				continue;
			now = (now & ~insn->sets) | gets_it(still, insn, now);
			more |= add(still, still->body->next[i], now);
			more |= add(still, still->body->targets[i], now);
		}
	}
}

/* What is not loaded in this round, at a place that stays. */
static rt_regs_t is_old(const struct still *still, const struct rt_insn *insn, rt_regs_t now)
{
	rt_regs_t values = rt_regs_values(insn->uses) & ~address_of(insn);
	bool is_load = insn->memories && !(address_of(insn) & still->changed) &&
		       !rt_slice_is_frame(still->body, &insn->memory[0]);
	return values & now || !(is_load || values) ? changes_of(insn) : 0;
}

/* What is made of constants alone. */
static rt_regs_t is_constant(const struct still *still, const struct rt_insn *insn, rt_regs_t now)
{
	rt_regs_t values = insn->uses & RT_LIVE_ALL & ~(1u << RT_RSP);
	(void)still;
	return !insn->memories && !(values & ~now) ? changes_of(insn) : 0;
}

/* Whether there is a next round is decided by constants: then it is one of a few, as of a loop whose first round was peeled off. */
static bool ends_soon(struct still *still)
{
	const struct rt_body *body = still->body;
	follow(still, 0, is_constant);
	for (uint32_t i = still->low; i <= still->high; i++) {
		const struct rt_insn *insn = &body->insns[i];
		bool again = body->next[i] == still->entry || body->targets[i] == still->entry;
		if (has(still, i, RT_MARK_AROUND) && again && insn->flow == RT_FLOW_BRANCH &&
			!(insn->uses & RT_LIVE_ALL & ~still->before[i - still->low] & ~(1u << RT_RSP)))
			return true;
	}
	return false;
}

/* What a round begins with was loaded by the one before, for the look that comes first. By a constant it would leave at once, or the
 * next time. */
static bool is_loaded(struct still *still, rt_regs_t registers)
{
	const struct rt_body *body = still->body;
	follow(still, RT_VALUES_ALL, is_old);
	for (uint32_t i = still->low; i <= still->high; i++) {
		rt_regs_t now = still->before[i - still->low];
		now = (now & ~body->insns[i].sets) | is_old(still, &body->insns[i], now);
		if (has(still, i, RT_MARK_AROUND) && now & registers &&
			(body->next[i] == still->entry || body->targets[i] == still->entry))
			return false;
	}
	return true;
}

/* Each round is decided as the one before, or by what that loaded. */
static bool repeats(struct still *still)
{
	still->changed = 0;
	for (uint32_t i = still->low; i <= still->high; i++)
		if (has(still, i, RT_MARK_AROUND))
			still->changed |= changes_of(&still->body->insns[i]);
	find_asked(still, true);
	rt_regs_t carried = still->before[still->entry - still->low] & still->changed;
	return (!carried || is_loaded(still, carried)) && !ends_soon(still);
}

/* ---- what it waits for ---- */

/* What the instruction makes of what was loaded at a place that the loop has come to; of what lies at a place that stays only the
 * value is new. */
static rt_regs_t wanders(const struct still *still, const struct rt_insn *insn, rt_regs_t wandering)
{
	bool is = insn->flow == RT_FLOW_CALL || address_of(insn) & still->changed || insn->uses & wandering;
	return is ? rt_slice_changes(insn) : 0;
}

/* Marks RT_MARK_APART what is loaded at a place that does not depend on what the loop came to. */
static void mark_settled(struct still *still)
{
	follow(still, 0, wanders);
	for (uint32_t i = still->low; i <= still->high; i++) {
		const struct rt_insn *insn = &still->body->insns[i];
		if (has(still, i, RT_MARK_AROUND) && rt_alike_is_load(still->body, i) &&
			!rt_slice_is_constant(still->body, &insn->memory[0]) &&
			!(address_of(insn) & still->before[i - still->low]))
			still->body->marks[i] |= RT_MARK_APART;
	}
}

static void mark_looks(struct still *still)
{
	mark_settled(still);
	find_asked(still, false);
	for (uint32_t i = still->low; i <= still->high; i++)
		if (has(still, i, RT_MARK_APART) && changes_of(&still->body->insns[i]) & after(still, i))
			still->body->marks[i] |= RT_MARK_WAITS;
}

void rt_still_find(struct rt_body *body)
{
	struct still still;
	still.body = body;
	for (uint32_t i = 0; i < body->count; i++) {
		still.entry = still.low = body->targets[i];
		still.high = i;
		if (still.entry == RT_NO_INSN || still.entry > i || i - still.entry >= SPAN_MOST ||
			body->insns[i].flow == RT_FLOW_CALL)
			continue;
		if (mark_between(&still) && repeats(&still) && mark_whole(&still) && !is_switch(&still) &&
			repeats(&still))
			mark_looks(&still);
		unmark(&still, RT_MARK_AROUND | RT_MARK_APART);
	}
}
