/* Where the frames of a rewritten function lie, so that the slow path knows what called it without a walk: see
 * shadow/activation.h. The clone arms its frame's entry in the block that the function starts with:
 *
 *	lea  a, [rsp + n]		; the CFA, as the unwinding tables say
 *	and  a, 0x1ff0
 *	add  a, fs:[activations]
 *	mov  dword [a + 8], number
 *
 * at the last instruction before which no flag is needed, up to the first that is checked or leaves the block: a jump into the
 * clone may stand for any instruction of the block before it.
 *
 * Who may include it: rewrite/. One thread at a time. */
#ifndef RACETRACK_REWRITE_FRAME_H
#define RACETRACK_REWRITE_FRAME_H

#include "body.h"
#include "dwarf/frame_rule.h"

/* Of the body that is written. */
struct rt_frame_finder {
	struct rt_frame_program begun, program; /* at the function's start, and where it was asked for last */
	uint32_t number;                        /* what it arms with */
	bool arms;
};

/* What the slow path is told of a place: its CFA, and the number. */
struct rt_frame_place {
	int32_t cfa; /* the offset, twice, and 1 where it is one from rbp; 0: it is not known, or the function does not arm */
	uint32_t number;
};

/* Marks where the body is to arm: RT_MARK_ARMS. Before anything is emitted, once it is known what is live. */
RT_HIDDEN void rt_frame_mark(struct rt_frame_finder *finder, struct rt_body *body);
/* Before the clone is written, or written again. */
RT_HIDDEN void rt_frame_begin(struct rt_frame_finder *finder);
/* At an instruction that is not before the one asked for last. */
RT_HIDDEN struct rt_frame_place rt_frame_at(
	struct rt_frame_finder *finder, const struct rt_body *body, const struct rt_insn *insn);

struct rt_emitter;
/* Writes the arming at instruction i, which is marked. */
RT_HIDDEN void rt_frame_arm(struct rt_emitter *emitter, uint32_t i);

#endif
