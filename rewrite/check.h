/* The check in front of an instruction that accesses memory: inline, is the access in its cell already? Else a call of the
 * slow path (slow.h), out of line.
 *
 *	lea  a, [address]		; 1 to 8 bytes in one granule
 *	mov  b, a
 *	and  b, 7
 *	and  a, gs:[place]		; where its cells are, divided by two
 *	mov  a, gs:[a * 2]		; the newest cell
 *	xor  a, fs:[expected]
 *	test a, gs:[looked_at + b * 8]
 *	jne  slow
 *
 * Registers for it are those that nothing reads any more; where there are none, one is kept in its slot until an instruction
 * needs it again. So are the flags.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_CHECK_H
#define RACETRACK_REWRITE_CHECK_H

#include "assemble.h"
#include "body.h"
#include "frame.h"
#include "list.h"

enum { RT_CHECKED_MOST = 16 };

/* What differs from the original's state at a place of the clone. */
struct rt_borrowed {
	rt_regs_t registers; /* are in their slots */
	bool flags;          /* are in theirs */
};

struct rt_slow_call; /* a call of the slow path that is to be written yet */

struct rt_emitter {
	struct rt_assembler code;
	const struct rt_body *body;
	struct rt_borrowed borrowed;
	/* what was checked since the last branch, store or change of its registers */
	struct rt_memory checked[RT_CHECKED_MOST];
	unsigned checked_count;
	RT_LIST(struct rt_slow_call) slow;
	bool no_memory;
	bool orders_only; /* atomic changes are no accesses: see RT_WHAT_ORDERS */
	bool no_atomic;   /* an atomic change is of a form that can't be moved */
	struct rt_map_writer *map;
	struct rt_frame_finder frames;
};

/* The checks of instruction i. */
RT_HIDDEN void rt_check_emit(struct rt_emitter *emitter, uint32_t i);
/* Of a prefetch instruction: asks for the cells of what it asks for, too. */
RT_HIDDEN void rt_check_emit_prefetch(struct rt_emitter *emitter, uint32_t i);
/* It is a change that happens in the slow path as a whole: instead of its checks, rt_check_prepare and the instruction. */
RT_HIDDEN bool rt_check_is_atomic(const struct rt_body *body, uint32_t i);
RT_HIDDEN void rt_check_emit_atomic(struct rt_emitter *emitter, uint32_t i);
/* Makes the state fit for the instruction itself, and forgets what it overwrites. */
RT_HIDDEN void rt_check_prepare(struct rt_emitter *emitter, uint32_t i);
/* Gives back all that `live` says may be read: before a place that is entered from elsewhere, the instruction at `offset`. */
RT_HIDDEN void rt_check_settle(struct rt_emitter *emitter, rt_regs_t live, uint32_t offset);
/* The calls of the slow path of all checks so far: behind the function. */
RT_HIDDEN void rt_check_emit_slow(struct rt_emitter *emitter);
/* Gives back the memory for them. */
RT_HIDDEN void rt_check_fini(struct rt_emitter *emitter);

/* Marks what has accesses that are checked: RT_MARK_CHECKED. False: there is none. Before anything is emitted. */
RT_HIDDEN bool rt_check_mark(struct rt_body *body);
/* Whether an access is checked, or why not. */
RT_HIDDEN enum rt_skip rt_check_skips(const struct rt_body *body, uint32_t i, const struct rt_memory *memory);

#endif
