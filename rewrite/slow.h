/* What a check calls that did not find its access: by way of rt_front.calls, with the address in its slot, 128 bytes below
 * the stack pointer (the red zone stays), and behind the call
 *
 *	jmp  back			; 5 bytes
 *	.long pc - .			; of the instruction after the access, in the original text
 *	.long what			; RT_WHAT_
 *
 * All registers are kept, the processor's vectors included; flags are not.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_SLOW_H
#define RACETRACK_REWRITE_SLOW_H

#include "code.h"

/* Which of rt_front.calls. */
enum rt_slow_kind {
	RT_SLOW_ACCESS,
	/* An atomic change, in place of the instruction: flags are kept, too, and behind `what` stands the instruction, with its
	 * operand in memory addressed by the register that `what` names alone, and a return. */
	RT_SLOW_ATOMIC,
	RT_SLOW_COUNT,
};

#define RT_WHAT_BYTES      0xffffu
#define RT_WHAT_READ       (1u << 16)
#define RT_WHAT_WRITE      (1u << 17)
#define RT_WHAT_REPEATED   (1u << 18) /* rcx times, downwards with DF */
#define RT_WHAT_SPIN       (1u << 19) /* in a loop that waits for its value */
#define RT_WHAT_FLAG       (1u << 21) /* the load of what may be a flag, or its store */
#define RT_WHAT_COMPARES   (1u << 20) /* RT_SLOW_ATOMIC: it changes nothing unless it sets ZF */
/* In the uppermost byte: which of rt_front.looked_at says whether the second cell makes it needless; RT_SLOW_ATOMIC: the
 * register. */
#define RT_WHAT_LOOK_SHIFT 24

/* Fills rt_front.calls. False: there is no linear shadow to check in. */
RT_HIDDEN bool rt_slow_init(void);

#endif
