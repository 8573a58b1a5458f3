#include "loop.h"

#include "meaning.h"
#include "imports.h"
#include "slice.h"

#include <asm/unistd.h>

enum {
	NEAR = 16, /* instructions from where a call's argument is set, or to where a table leads on */
	NEAR_PAUSE = 4
};

/* Where control goes from there inside of the loop: a bit for each. */
static uint64_t successors(const struct rt_loop *loop, uint32_t i)
{
	const struct rt_body *body = loop->body;
	uint32_t ways[] = {
		body->insns[i].flow == RT_FLOW_JUMP ? (uint32_t)RT_NO_INSN : body->next[i], body->targets[i]};
	uint64_t found = 0;
	_Static_assert(RT_LOOP_INSNS_MOST <= 64, "a bit for each");
	for (unsigned way = 0; way < RT_COUNT(ways); way++)
		if (!rt_loop_leaves(loop, ways[way]))
			found |= rt_loop_bit(loop, ways[way]);
	return found;
}

/* The next instruction, in the order of addresses, that may be a member. */
static uint32_t next_of(const struct rt_loop *loop, uint32_t i)
{
	return i + 1 == loop->gap ? loop->behind : i + 1;
}

/* Instructions that control comes to from the first one inside of the loop. */
static uint64_t reach(const struct rt_loop *loop)
{
	uint64_t reached = 1, before = 0;
	while (reached != before) {
		before = reached;
		for (uint32_t i = loop->first; i <= loop->last; i = next_of(loop, i))
			if (reached & rt_loop_bit(loop, i))
				reached |= successors(loop, i);
	}
	return reached;
}

/* Instructions from which it comes to the last one. */
static uint64_t lead_back(const struct rt_loop *loop)
{
	uint64_t leading = rt_loop_bit(loop, loop->last), before = 0;
	while (leading != before) {
		before = leading;
		for (uint32_t i = loop->last; i > loop->first;) {
			i = i == loop->behind ? loop->gap - 1 : i - 1;
			if (leading & successors(loop, i))
				leading |= rt_loop_bit(loop, i);
		}
	}
	return leading;
}

/* syscall(__NR_futex, ...), which waits and leaves the program's memory alone: the number is set right before. */
bool rt_loop_calls_futex(const struct rt_body *body, uint32_t call)
{
	static const uint8_t number[] = {0xbf, __NR_futex, 0, 0, 0}; /* mov $__NR_futex, %edi */
	for (uint32_t i = call; i-- > 0 && call - i <= NEAR && body->insns[i].flow == RT_FLOW_NEXT;) {
		const struct rt_insn *insn = &body->insns[i];
		if (insn->bytes != sizeof(number) ||
			!rt_bytes_equal(body->module->text.code + insn->offset, number, sizeof(number)))
			continue;
		uintptr_t slot = rt_imports_slot_of(body->module, &body->insns[call]);
		return slot && slot == rt_imports(body->module, "syscall");
	}
	return false;
}

bool rt_loop_yields(const struct rt_body *body, uint32_t call)
{
	return rt_imports_yields(body->module, &body->insns[call]) || rt_loop_calls_futex(body, call);
}

bool rt_loop_pauses(const struct rt_body *body, uint32_t i)
{
	static const uint8_t pause[] = {0xf3, 0x90};
	const struct rt_insn *insn = &body->insns[i];
	if (insn->flow == RT_FLOW_CALL)
		return rt_loop_yields(body, i);
	return insn->bytes == sizeof(pause) &&
	       rt_bytes_equal(body->module->text.code + insn->offset, pause, sizeof(pause));
}

/* A jump back from a block that gives the processor away. */
static bool pauses_before(const struct rt_body *body, uint32_t jump)
{
	if (body->insns[jump].flow != RT_FLOW_JUMP)
		return false;
	for (uint32_t i = jump, near = 0; i-- > 0 && near < NEAR_PAUSE; near++) {
		if (rt_loop_pauses(body, i))
			return true;
		if (body->insns[i].flow != RT_FLOW_NEXT)
			break;
	}
	return false;
}

bool rt_loop_find(struct rt_loop *loop, struct rt_body *body, uint32_t first, uint32_t last)
{
	const uint32_t half = RT_LOOP_INSNS_MOST / 2;
	bool is_far = last - first >= RT_LOOP_INSNS_MOST;
	*loop = (struct rt_loop){.body = body,
		.first = first,
		.last = last,
		.gap = is_far ? first + half : last + 1,
		.behind = is_far ? last + 1 - half : last + 1,
		.members = UINT64_MAX};
	if (is_far && (last - first >= RT_LOOP_SPAN_MOST || !pauses_before(body, last)))
		return false;
	loop->members = reach(loop) & lead_back(loop);
	return rt_loop_has(loop, loop->members, last);
}

bool rt_loop_writes(const struct rt_body *body, const struct rt_insn *insn)
{
	for (unsigned n = 0; n < insn->memories; n++)
		if (insn->memory[n].write && !rt_slice_is_own(body, &insn->memory[n]))
			return true;
	return false;
}

bool rt_loop_leads_to_table(const struct rt_body *body, uint32_t at)
{
	for (unsigned near = 0; near < NEAR && at != RT_NO_INSN; near++, at = body->next[at])
		if (body->insns[at].flow != RT_FLOW_NEXT)
			return body->insns[at].flow == RT_FLOW_INDIRECT;
	return false;
}

/* ---- all that goes round ---- */

/* A table may lead there. */
static bool is_table_target(const struct rt_body *body, uint32_t i)
{
	return i && (body->marks[i] & (RT_MARK_OUTSIDE | RT_MARK_RETURN)) == RT_MARK_OUTSIDE;
}

static bool has(const struct rt_body *body, uint32_t i, uint32_t mark)
{
	return i != RT_NO_INSN && body->marks[i] & mark;
}

static void unmark(struct rt_body *body, uint32_t marks)
{
	for (uint32_t i = 0; i < body->count; i++)
		body->marks[i] &= ~marks;
}

/* Marks all that control comes to from the function's start without `but`. */
static void mark_apart(struct rt_body *body, uint32_t but)
{
	bool by_table = false;
	uint32_t from = 0, again = body->count; /* where what was marked further up begins */
	unmark(body, RT_MARK_APART);
	if (!but)
		return;
	body->marks[0] |= RT_MARK_APART;
	for (; from < body->count; from = again) {
		again = body->count;
		for (uint32_t i = from; i < body->count; i++) {
			if (by_table && i != but && is_table_target(body, i))
				body->marks[i] |= RT_MARK_APART;
			if (!has(body, i, RT_MARK_APART))
				continue;
			if (!by_table && body->insns[i].flow == RT_FLOW_INDIRECT) {
				by_table = true;
				again = 0;
			}
			uint32_t ways[] = {body->next[i], body->targets[i]};
			for (unsigned way = 0; way < RT_COUNT(ways); way++) {
				uint32_t to = ways[way];
				if (to == RT_NO_INSN || to == but || has(body, to, RT_MARK_APART))
					continue;
				body->marks[to] |= RT_MARK_APART;
				again = to < i && to < again ? to : again;
			}
		}
	}
}

/* Marks what leads to a marked one, where control comes by way of the loop's entry alone. */
static void mark_leading(struct rt_body *body)
{
	for (bool more = true, by_table = false; more;) {
		more = false;
		for (uint32_t i = body->count; i-- > 0;) {
			const uint32_t marks = body->marks[i];
			if (marks & RT_MARK_AROUND && is_table_target(body, i) && !by_table)
				more = by_table = true;
			if (marks & (RT_MARK_AROUND | RT_MARK_APART))
				continue;
			if (!has(body, body->next[i], RT_MARK_AROUND) &&
				!has(body, body->targets[i], RT_MARK_AROUND) &&
				!(by_table && body->insns[i].flow == RT_FLOW_INDIRECT))
				continue;
			body->marks[i] |= RT_MARK_AROUND;
			more = true;
		}
	}
}

/* Members that control comes to from elsewhere: a bit for each. */
static uint64_t entries(const struct rt_loop *loop)
{
	const struct rt_body *body = loop->body;
	uint64_t found = loop->first ? 0 : 1;
	for (uint32_t i = 0; i < body->count; i++) {
		uint32_t ways[] = {body->next[i], body->targets[i]};
		for (unsigned way = 0; rt_loop_leaves(loop, i) && way < RT_COUNT(ways); way++)
			if (!rt_loop_leaves(loop, ways[way]))
				found |= rt_loop_bit(loop, ways[way]);
	}
	for (uint32_t i = loop->first; i <= loop->last; i++)
		if (!rt_loop_leaves(loop, i) && is_table_target(body, i))
			found |= rt_loop_bit(loop, i);
	return found;
}

/* Nothing marked is come to but by way of `entry`. Leaves marked what is apart. */
static bool dominates(struct rt_body *body, uint32_t entry)
{
	mark_apart(body, entry);
	for (uint32_t i = 0; i < body->count; i++)
		if (has(body, i, RT_MARK_AROUND) && has(body, i, RT_MARK_APART))
			return false;
	return true;
}

bool rt_loop_widen(struct rt_body *body, uint32_t entry)
{
	if (!dominates(body, entry))
		return false;
	mark_leading(body);
	return true;
}

uint32_t rt_loop_mark_around(const struct rt_loop *loop)
{
	uint64_t in = entries(loop);
	for (uint32_t i = loop->first; i <= loop->last; i++)
		if (!rt_loop_leaves(loop, i))
			loop->body->marks[i] |= RT_MARK_AROUND;
	for (uint32_t i = loop->first; i <= loop->last; i++)
		if (rt_loop_has(loop, in, i) && rt_loop_widen(loop->body, i))
			return i;
	return loop->first;
}

void rt_loop_forget_around(struct rt_body *body)
{
	unmark(body, RT_MARK_AROUND | RT_MARK_APART);
}

rt_regs_t rt_loop_changed_around(const struct rt_body *body)
{
	rt_regs_t changed = 0;
	for (uint32_t i = 0; i < body->count; i++)
		if (body->marks[i] & RT_MARK_AROUND)
			changed |= rt_slice_changes(&body->insns[i]);
	return changed & ~(1u << RT_RSP);
}

static bool does_call(const struct rt_body *body, const struct rt_insn *insn)
{
	return insn->flow == RT_FLOW_CALL && !rt_imports_yields(body->module, insn);
}

bool rt_loop_works_around(const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (body->marks[i] & RT_MARK_AROUND &&
			(does_call(body, &body->insns[i]) || rt_loop_writes(body, &body->insns[i])))
			return true;
	return false;
}

bool rt_loop_is_locked_around(const struct rt_body *body)
{
	for (uint32_t i = 0; i < body->count; i++)
		if (body->marks[i] & RT_MARK_AROUND && body->insns[i].is_locked)
			return true;
	return false;
}

/* Marks RT_MARK_APART where control comes to from `i` inside of what goes round. False: it goes out, or round. */
static bool go_on(struct rt_body *body, uint32_t entry, uint32_t i, bool *back)
{
	const struct rt_insn *insn = &body->insns[i];
	bool is_branch = insn->flow == RT_FLOW_BRANCH;
	uint32_t to[] = {body->next[i], body->targets[i]};
	if (!is_branch && insn->flow != RT_FLOW_NEXT && insn->flow != RT_FLOW_JUMP)
		return false;
	for (unsigned way = 0; way < RT_COUNT(to); way++) {
		if (to[way] == RT_NO_INSN ? is_branch
					  : to[way] == entry || !has(body, to[way], RT_MARK_AROUND))
			return false;
		if (to[way] == RT_NO_INSN || has(body, to[way], RT_MARK_APART))
			continue;
		body->marks[to[way]] |= RT_MARK_APART;
		*back |= to[way] < i;
	}
	return true;
}

bool rt_loop_comes_first(struct rt_body *body, uint32_t entry, uint32_t i)
{
	unmark(body, RT_MARK_APART);
	body->marks[entry] |= RT_MARK_APART;
	for (bool back = true; back;) {
		back = false;
		for (uint32_t at = 0; at < body->count; at++)
			if (at != i && has(body, at, RT_MARK_APART) && !go_on(body, entry, at, &back))
				return false;
	}
	return true;
}

/* ---- loops that count ---- */

/* Registers that are read again, and that nothing in the loop sets to something else. */
static rt_regs_t kept_around(const struct rt_loop *loop)
{
	const struct rt_body *body = loop->body;
	rt_regs_t kept = body->live[loop->first] & RT_REGS_ALL & ~(1u << RT_RSP);
	for (uint32_t i = loop->first; i <= loop->last; i++)
		if (!rt_loop_leaves(loop, i))
			kept &= ~(rt_slice_changes(&body->insns[i]) & ~body->insns[i].uses);
	return kept;
}

/* It makes another one of the register's value each time. */
static bool goes_on(const struct rt_body *body, uint32_t i, rt_regs_t kept)
{
	const struct rt_insn *insn = &body->insns[i];
	if (insn->flow != RT_FLOW_NEXT || insn->chooses || !(insn->changes & insn->uses & kept))
		return false;
	switch (rt_meaning_of(body, insn).operation) {
	case RT_DO_ADD:
	case RT_DO_SUBTRACT:
	case RT_DO_ADDRESS:
		return true;
	case RT_DO_MOVE:
		return insn->memories;
	default:
		return false;
	}
}

bool rt_loop_counts(const struct rt_loop *loop)
{
	rt_regs_t kept = kept_around(loop);
	struct rt_loop without = *loop;
	for (uint32_t i = loop->first; i <= loop->last; i++)
		if (!rt_loop_leaves(loop, i) && goes_on(loop->body, i, kept))
			without.members &= ~rt_loop_bit(loop, i);
	const uint64_t ends = rt_loop_bit(loop, loop->first) | rt_loop_bit(loop, loop->last);
	return (without.members & ends) != ends || !rt_loop_has(loop, reach(&without), loop->last);
}
