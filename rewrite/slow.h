/* What a check calls that did not find its access: by way of rt_front.calls, with the address in its slot, 128 bytes below
 * the stack pointer (the red zone stays), and behind the call
 *
 *	jmp  back			; 5 bytes
 *	.long pc - .			; of the instruction after the access, in the original text
 *	.long what			; RT_WHAT_
 *	.long cfa, number		; struct rt_frame_place
 *
 * All registers are kept, the processor's vectors included; flags are not.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_SLOW_H
#define RACETRACK_REWRITE_SLOW_H

#include "code.h"
#include "frame.h"

/* Which of rt_front.calls. */
enum rt_slow_kind {
	RT_SLOW_ACCESS,
	/* An atomic change, in place of the instruction: flags are kept, too, and behind all that stands the instruction, with its
	 * operand in memory addressed by the register that `what` names alone, and a return. */
	RT_SLOW_ATOMIC,
	RT_SLOW_COUNT,
};

#define RT_WHAT_BYTES    0xffffu
#define RT_WHAT_READ     (1u << 16)
#define RT_WHAT_WRITE    (1u << 17)
#define RT_WHAT_REPEATED (1u << 18) /* rcx times, downwards with DF */
#define RT_WHAT_SPIN     (1u << 19) /* in a loop that waits for its value */
#define RT_WHAT_SPREAD   (1u << 22) /* behind `what` stands a struct rt_spread_how */
#define RT_WHAT_FLAG     (1u << 21) /* the load of what may be a flag, or its store */
#define RT_WHAT_ONCE     (1u << 23) /* the store of what was looked at before: see once.h */
#define RT_WHAT_COMPARES (1u << 20) /* RT_SLOW_ATOMIC: it changes nothing unless it sets ZF */
#define RT_WHAT_TALLY    (1u << 19) /* RT_SLOW_ATOMIC: an addition to what nobody looks at */
#define RT_WHAT_BARE     (1u << 20) /* of an access: a move by hand, see bare.h; with RT_WHAT_OWN a hushed one */
#define RT_WHAT_ORDERS   (1u << 23) /* RT_SLOW_ATOMIC: it may be none that anyone wants to hear of */
#define RT_WHAT_RING     (1u << 24) /* of an access: an index of a ring, the other's or stored; see ring.h */
#define RT_WHAT_OWN      (1u << 25) /* likewise: the load of the own one */
#define RT_WHAT_GLANCE   (RT_WHAT_RING | RT_WHAT_OWN) /* of a load: compared with another word, see glance.h */
/* What code looks like, which tells what it may mean. */
#define RT_WHAT_HINTS    (RT_WHAT_FLAG | RT_WHAT_ONCE | RT_WHAT_BARE | RT_WHAT_RING | RT_WHAT_OWN)
#define RT_WHAT_CHOSEN                                                                                       \
	(1u << 26) /* likewise: only where the condition holds whose code is in the next bits: see chosen.h */
#define RT_WHAT_CONDITION 27         /* its lowest bit; the flags are in their slot */
#define RT_WHAT_VPTR      (1u << 31) /* likewise: of the register whose number is there: see vptr.h */
#define RT_WHAT_REG_SHIFT 24         /* RT_SLOW_ATOMIC: in the uppermost byte, the register */

/* What stands behind the call. */
struct rt_slow_behind {
	uint8_t jump[5];
	int32_t distance; /* from here to the instruction after the access */
	uint32_t what;
	struct rt_frame_place frame;
} __attribute__((packed));

enum { RT_SLOW_RED_ZONE = 128 };

/* Fills rt_front.calls. False: there is no linear shadow to check in. */
RT_HIDDEN bool rt_slow_init(void);

/* The program's registers at the call, as the entries push them, from the highest address to the lowest. */
struct rt_slow_frame {
	uint64_t flags;             /* of an access: DF alone */
	uint64_t reg[RT_REGISTERS]; /* by number; rsp is the program's */
	uintptr_t back;             /* the return address, in the clone */
};
static inline const struct rt_slow_behind *rt_slow_behind(const struct rt_slow_frame *frame)
{
	return (const struct rt_slow_behind *)frame->back;
}

enum { RT_SLOW_DEPTH = RT_REGISTERS + 1 }; /* words below the return address */

/* Of an atomic change: the registers in the frame are those before the instruction, as well but for the one that holds the
 * address, or those after it. */
enum rt_slow_phase { RT_SLOW_BEFORE, RT_SLOW_RUNS, RT_SLOW_AFTER };

/* From this instruction of the entries on, so many words are pushed below the return address. Ascending; *end stands for the
 * first behind them. */
struct rt_slow_depth {
	uint32_t offset; /* from rt_slow_entries */
	uint32_t depth;
};
#define RT_SLOW_ATOMIC_DONE 0x100u /* in `depth`: the change is made */
extern RT_HIDDEN const char rt_slow_entries[];
extern RT_HIDDEN const struct rt_slow_depth rt_slow_depths[], rt_slow_depths_end[];

/* Runs the code, which returns, with the registers and flags of the frame, rsp excepted, and puts them back there. */
RT_HIDDEN void rt_slow_run(struct rt_slow_frame *frame, const void *code);

/* What the entries call: true, that was all, and no vector was overwritten. */
RT_HIDDEN bool rt_slow_short(const struct rt_slow_frame *frame);
RT_HIDDEN void rt_slow_long(const struct rt_slow_frame *frame);
RT_HIDDEN void rt_slow_atomic(struct rt_slow_frame *frame);

#endif
