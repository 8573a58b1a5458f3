/* A loop: what a branch upwards spans and what of that goes round; and whether it is a whole one, or one of the ways round a
 * larger one that begins at the same place.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_LOOP_H
#define RACETRACK_REWRITE_LOOP_H

#include "body.h"

enum {
	RT_LOOP_INSNS_MOST = 48,
	RT_LOOP_SPAN_MOST =
		1024 /* of one whose last block gives the processor away, with what lies between and does not go round */
};

struct rt_loop {
	struct rt_body *body;
	uint32_t first, last;
	uint32_t gap,
		behind; /* what is none of it in any case, up to `behind`: compilers put what seldom runs behind the rest */
	uint64_t members; /* rt_loop_bit of each: what lies between the two may be where a way out leads to */
	rt_regs_t changed; /* by something in the loop: for who finds it out */
};

/* pre: it lies between first and last, and not in the gap. */
static inline uint64_t rt_loop_bit(const struct rt_loop *loop, uint32_t index)
{
	return 1ull << (index - loop->first - (index < loop->behind ? 0 : loop->behind - loop->gap));
}

/* Of an instruction, or RT_NO_INSN: whether its bit is set. */
static inline bool rt_loop_has(const struct rt_loop *loop, uint64_t bits, uint32_t index)
{
	return index >= loop->first && index <= loop->last && (index < loop->gap || index >= loop->behind) &&
	       bits & rt_loop_bit(loop, index);
}

/* The index is RT_NO_INSN or that of no member. */
static inline bool rt_loop_leaves(const struct rt_loop *loop, uint32_t index)
{
	return !rt_loop_has(loop, loop->members, index);
}

static inline bool rt_loop_is_exit(const struct rt_loop *loop, uint32_t at)
{
	const struct rt_body *body = loop->body;
	return !rt_loop_leaves(loop, at) && body->insns[at].flow == RT_FLOW_BRANCH &&
	       (rt_loop_leaves(loop, body->targets[at]) || rt_loop_leaves(loop, body->next[at]));
}

/* Where control goes that leaves there. pre: rt_loop_is_exit. */
static inline uint32_t rt_loop_out(const struct rt_loop *loop, uint32_t exit)
{
	const struct rt_body *body = loop->body;
	return rt_loop_leaves(loop, body->targets[exit]) ? body->targets[exit] : body->next[exit];
}

/* What goes round from `first` to the branch at `last`. False: nothing does, or there is too much of it. */
RT_HIDDEN bool rt_loop_find(struct rt_loop *loop, struct rt_body *body, uint32_t first, uint32_t last);

/* syscall(SYS_futex, ...) */
RT_HIDDEN bool rt_loop_calls_futex(const struct rt_body *body, uint32_t call);
/* The call gives the processor away, and leaves the program's memory alone. */
RT_HIDDEN bool rt_loop_yields(const struct rt_body *body, uint32_t call);
/* It is such a call, or `pause`. */
RT_HIDDEN bool rt_loop_pauses(const struct rt_body *body, uint32_t i);

/* It stores to other memory than what is the thread's own. */
RT_HIDDEN bool rt_loop_writes(const struct rt_body *body, const struct rt_insn *insn);

/* Control goes on from there, straight ahead, to where a table of a switch's cases leads. RT_NO_INSN: it does not. */
RT_HIDDEN bool rt_loop_leads_to_table(const struct rt_body *body, uint32_t at);

/* Marks RT_MARK_AROUND what goes round from where the loop is entered, by whatever way: the members, and what of the function they
 * lead to that leads back without having come to the loop anew. So what a compiler takes for one loop. Where it is entered.
 * If that is at several places only the members are marked, and the first stands for them. */
RT_HIDDEN uint32_t rt_loop_mark_around(const struct rt_loop *loop);
/* Likewise what goes round from `entry` with what is marked already. False: control comes to some of that by other ways. */
RT_HIDDEN bool rt_loop_widen(struct rt_body *body, uint32_t entry);
/* Of what is marked: registers that it changes; whether it calls what does more than to let time pass, or stores; whether it changes something by an atomic instruction. */
RT_HIDDEN rt_regs_t rt_loop_changed_around(const struct rt_body *body);
RT_HIDDEN bool rt_loop_works_around(const struct rt_body *body);
RT_HIDDEN bool rt_loop_is_locked_around(const struct rt_body *body);
/* Whatever way control takes from `entry` round what is marked, or out of it, it comes by there first. */
RT_HIDDEN bool rt_loop_comes_first(struct rt_body *body, uint32_t entry, uint32_t i);
/* Whatever way control takes round the members, it adds to a register that is read again, or goes on to where that points: it does not
 * go round in vain. False: perhaps it does not all the same. pre: rt_live_find. */
RT_HIDDEN bool rt_loop_counts(const struct rt_loop *loop);
/* Takes the marks away. */
RT_HIDDEN void rt_loop_forget_around(struct rt_body *body);

#endif
