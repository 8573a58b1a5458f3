#include "look.h"

#include "slice.h"

enum {
	NEAR = 16, /* instructions from a first look to its loop */
	FAR = 64,  /* bytes */
	POINTERS_MOST = 8,
	TRIALS = 2 /* branches */
};

static const uint32_t RETURNS = RT_NO_INSN - 1; /* no instruction either */

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

/* The function stores there once: it is what it was called with, or what a pointer was set to. */
static bool is_set_once(const struct rt_body *body, const struct rt_memory *slot)
{
	unsigned stores = 0;
	for (uint32_t i = 0; i < body->count; i++)
		stores += body->insns[i].memories == 1 && body->insns[i].memory[0].write &&
			  rt_slice_same_place(&body->insns[i].memory[0], slot);
	return stores == 1;
}

/* Variables in the frame, one after the other, that the load's address was in, as code without optimisation has it. */
struct pointers {
	struct rt_memory at[POINTERS_MOST];
	unsigned count;
};

static void find_pointers(const struct rt_body *body, uint32_t load, struct pointers *pointers)
{
	struct rt_slice slice;
	rt_slice_begin(&slice, body, load, 0, body->count - 1);
	slice.needed = rt_slice_address(&body->insns[load].memory[0]) & ~(1u << RT_RSP);
	pointers->count = 0;
	for (uint32_t i = load; i && load - i < NEAR && !(body->marks[i] & RT_MARK_LEADER); i--) {
		if (body->insns[i - 1].flow != RT_FLOW_NEXT || !rt_slice_follow(&slice, i - 1, false) ||
			slice.load_count || pointers->count == POINTERS_MOST)
			break;
		if (!slice.needed && slice.slot_count == 1)
			pointers->at[pointers->count++] = slice.slots[0];
	}
}

static bool share(const struct rt_body *body, const struct pointers *one, const struct pointers *other)
{
	for (unsigned i = 0; i < one->count; i++)
		for (unsigned n = 0; n < other->count; n++)
			if (rt_slice_same_place(&one->at[i], &other->at[n]) && is_set_once(body, &one->at[i]))
				return true;
	return false;
}

/* It loads by way of a register. */
static bool is_by_pointer(const struct rt_body *body, uint32_t i)
{
	const struct rt_memory *memory = &body->insns[i].memory[0];
	return body->insns[i].memories == 1 && !memory->write && memory->base < RT_REGISTERS &&
	       memory->index == RT_REG_NONE && !rt_slice_is_frame(body, memory);
}

/* Loads of the same bytes by way of the same pointer: a field that a loop waits for is one wherever the function looks at it. */
static void mark_by_pointer(struct rt_body *body, uint32_t load)
{
	const struct rt_memory *memory = &body->insns[load].memory[0];
	struct pointers pointers, others;
	if (!is_by_pointer(body, load))
		return;
	find_pointers(body, load, &pointers);
	for (uint32_t i = 0; pointers.count && i < body->count; i++) {
		const struct rt_memory *looked = &body->insns[i].memory[0];
		if (!is_by_pointer(body, i) || looked->displacement != memory->displacement ||
			looked->bytes != memory->bytes)
			continue;
		find_pointers(body, i, &others);
		if (share(body, &pointers, &others))
			body->marks[i] |= RT_MARK_WAITS;
	}
}

/* Compilers put the first look of a loop before it, and the loop out of the way. A field that a loop waits for is one wherever
 * the function looks at it. */
static void mark_first_looks(const struct rt_loop *loop, uint32_t load)
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
		if (body->targets[i] == loop->first && rt_loop_leaves(loop, i))
			mark_looks_before(body, i, memory);
}

void rt_look_mark(const struct rt_loop *loop, uint32_t load)
{
	loop->body->marks[load] |= RT_MARK_WAITS;
	mark_first_looks(loop, load);
	mark_by_pointer(loop->body, load);
}

/* It gives back a part of the frame, or a register that was kept there. */
static bool gives_back(const struct rt_insn *insn)
{
	const rt_regs_t rsp = 1u << RT_RSP;
	bool pops = insn->memories == 1 && insn->memory[0].base == RT_RSP && !insn->memory[0].write;
	return insn->flow == RT_FLOW_NEXT && insn->changes & rsp && (pops || !insn->memories) &&
	       !(insn->changes & 1u << RT_RAX); /* others that are no results are popped to be rid of them */
}

/* Where control comes to from there, no-operations and jumps aside. Where functions return is one place, whatever of the frame they
 * give back before: compilers make a frame for the loop alone. */
static uint32_t arrives(const struct rt_body *body, uint32_t at)
{
	for (unsigned near = 0; near < NEAR && at != RT_NO_INSN; near++) {
		const struct rt_insn *insn = &body->insns[at];
		if (insn->flow == RT_FLOW_RETURN)
			return RETURNS;
		if (insn->flow == RT_FLOW_JUMP)
			at = body->targets[at];
		else if (insn->is_nop || gives_back(insn))
			at = body->next[at];
		else
			break;
	}
	return at;
}

static bool is_push(const struct rt_insn *insn)
{
	return insn->memories == 1 && insn->memory[0].base == RT_RSP && insn->memory[0].write &&
	       insn->changes & 1u << RT_RSP;
}

/* Without touching memory other than the frame's end: what sets a loop up is passed by. */
static bool enters(const struct rt_loop *loop, uint32_t at)
{
	const struct rt_body *body = loop->body;
	for (unsigned near = 0; near < NEAR && at != RT_NO_INSN; near++) {
		const struct rt_insn *insn = &body->insns[at];
		if (!rt_loop_leaves(loop, at))
			return true;
		if (insn->flow != RT_FLOW_JUMP &&
			(insn->flow != RT_FLOW_NEXT || (insn->memories && !is_push(insn))))
			return false;
		at = insn->flow == RT_FLOW_JUMP ? body->targets[at] : body->next[at];
	}
	return false;
}

/* What is loaded and exchanged on the way is passed by, and so are a few branches: who waits tries first whether there is anybody to
 * wait for. The place stays the same. */
static bool tries(const struct rt_loop *loop, uint32_t at, const struct rt_memory *place, unsigned branches)
{
	const struct rt_body *body = loop->body;
	for (unsigned near = 0; near < NEAR && at != RT_NO_INSN; near++) {
		const struct rt_insn *insn = &body->insns[at];
		bool stores = insn->memories && insn->memory[0].write && !insn->is_locked;
		if (!rt_loop_leaves(loop, at))
			return true;
		if (stores || rt_slice_address(place) & insn->changes & ~(1u << RT_RSP))
			return false;
		if (insn->flow == RT_FLOW_BRANCH)
			return branches && (tries(loop, body->targets[at], place, branches - 1) ||
						   tries(loop, body->next[at], place, branches - 1));
		if (insn->flow != RT_FLOW_JUMP && insn->flow != RT_FLOW_NEXT)
			return false;
		at = insn->flow == RT_FLOW_JUMP ? body->targets[at] : body->next[at];
	}
	return false;
}

/* The branch decides between the loop and `out`, where its exit leads to: it is the exit's own test, done before the loop. */
static bool guards(const struct rt_loop *loop, uint32_t guard, uint32_t out)
{
	const struct rt_body *body = loop->body;
	uint32_t target = body->targets[guard], next = body->next[guard];
	return (enters(loop, target) && arrives(body, next) == out) ||
	       (enters(loop, next) && arrives(body, target) == out);
}

/* The same with such a way to the loop. */
static bool guards_trial(
	const struct rt_loop *loop, uint32_t guard, uint32_t out, const struct rt_memory *place)
{
	const struct rt_body *body = loop->body;
	uint32_t target = body->targets[guard], next = body->next[guard];
	return (arrives(body, next) == out && tries(loop, target, place, TRIALS)) ||
	       (arrives(body, target) == out && tries(loop, next, place, TRIALS));
}

/* Straight back from before `i` to where its block begins: the one load that the slice began to ask for; RT_NO_INSN: there are
 * several, or none. What it is compared with comes from elsewhere: registers in `stays`. */
static uint32_t find_asked(const struct rt_body *body, struct rt_slice *slice, uint32_t i, rt_regs_t stays)
{
	while (i && body->insns[i - 1].flow == RT_FLOW_NEXT && !(body->marks[i] & RT_MARK_LEADER) &&
		rt_slice_follow(slice, i - 1, false)) {
		i--;
		if (slice->needed & RT_FLAGS_ALL)
			continue;
		slice->needed &= ~stays;
		stays = 0;
	}
	return slice->load_count == 1 ? slice->loads[0] : (uint32_t)RT_NO_INSN;
}

/* What a variable is compared with that both look at alike: no other two loads, of so many bytes, mean the same. */
static uint32_t find_compared(
	const struct rt_body *body, const struct rt_slice *slice, const struct rt_slice *asked)
{
	for (unsigned n = 0; n < 2; n++)
		for (unsigned m = 0; m < 2; m++) {
			const struct rt_memory *one = &body->insns[slice->loads[n]].memory[0];
			const struct rt_memory *other = &body->insns[slice->loads[1 - n]].memory[0];
			if (rt_slice_same_place(one, &body->insns[asked->loads[m]].memory[0]) &&
				other->bytes == body->insns[asked->loads[1 - m]].memory[0].bytes)
				return slice->loads[1 - n];
		}
	return RT_NO_INSN;
}

static void mark_asked(struct rt_body *body, struct rt_slice *slice, uint32_t i, const struct rt_slice *asked)
{
	uint32_t load = find_asked(body, slice, i, asked->needed);
	uint8_t bytes = (uint8_t)body->insns[asked->loads[0]].memory[0].bytes;
	if (asked->load_count == 2)
		load = slice->load_count == 2 ? find_compared(body, slice, asked) : (uint32_t)RT_NO_INSN;
	else if (load != RT_NO_INSN && body->insns[load].memory[0].bytes != bytes)
		return;
	if (load != RT_NO_INSN)
		body->marks[load] |= RT_MARK_WAITS;
}

/* The first look may reach the place by another sum of registers than the loop does. */
static void mark_guards(const struct rt_loop *loop, uint32_t exit, const struct rt_slice *asked)
{
	struct rt_body *body = loop->body;
	struct rt_slice slice;
	uint32_t out = arrives(body, rt_loop_out(loop, exit));
	for (uint32_t guard = 0; out != RT_NO_INSN && guard < loop->first; guard++) {
		if (body->insns[guard].flow != RT_FLOW_BRANCH || !guards(loop, guard, out))
			continue;
		rt_slice_begin(&slice, body, guard, 0, body->count - 1);
		mark_asked(body, &slice, guard, asked);
	}
}

/* Not only before the loop, as compilers put such ways anywhere; but of the very same place. */
static void mark_trials(const struct rt_loop *loop, uint32_t exit, const struct rt_memory *place)
{
	struct rt_body *body = loop->body;
	struct rt_slice slice;
	uint32_t out = arrives(body, rt_loop_out(loop, exit));
	if (out == RT_NO_INSN || rt_slice_address(place) & loop->changed)
		return;
	for (uint32_t guard = 0; guard < body->count; guard++) {
		if (body->insns[guard].flow != RT_FLOW_BRANCH || !rt_loop_leaves(loop, guard) ||
			!guards_trial(loop, guard, out, place))
			continue;
		rt_slice_begin(&slice, body, guard, 0, body->count - 1);
		uint32_t load = find_asked(body, &slice, guard, 0);
		if (load != RT_NO_INSN && rt_slice_same_place(&body->insns[load].memory[0], place))
			body->marks[load] |= RT_MARK_WAITS;
	}
}

/* Code without optimisation tests in the loop what was loaded before it: `in` is where it comes in, from before `from`. */
static void mark_entry(
	const struct rt_loop *loop, uint32_t exit, uint32_t in, uint32_t from, const struct rt_slice *asked)
{
	struct rt_slice slice;
	rt_slice_begin(&slice, loop->body, exit, 0, loop->body->count - 1);
	for (uint32_t i = exit; i > in; i--)
		if (!rt_slice_follow(&slice, i - 1, false))
			return;
	if (!slice.load_count)
		mark_asked(loop->body, &slice, from, asked);
}

/* It runs into the loop, or jumps to the test at its end. */
static void mark_entries(const struct rt_loop *loop, uint32_t exit, const struct rt_slice *asked)
{
	const struct rt_body *body = loop->body;
	uint32_t before = loop->first - 1;
	if (loop->first && body->insns[before].flow == RT_FLOW_NEXT)
		mark_entry(loop, exit, before, before, asked);
	for (uint32_t jump = 0; jump < loop->first; jump++) {
		uint32_t in = body->targets[jump];
		if (body->insns[jump].flow == RT_FLOW_JUMP && in >= loop->first && in <= exit)
			mark_entry(loop, exit, in, jump, asked);
	}
}

void rt_look_mark_entries(const struct rt_loop *loop, uint32_t exit, const struct rt_slice *asked)
{
	mark_guards(loop, exit, asked);
	mark_entries(loop, exit, asked);
	if (asked->load_count == 1)
		mark_trials(loop, exit, &loop->body->insns[asked->loads[0]].memory[0]);
}
