/* What the parts of a check share: check.c, atomic.c, borrow.c.
 *
 * Who may include it: those. One thread at a time. */
#ifndef RACETRACK_REWRITE_EMIT_H
#define RACETRACK_REWRITE_EMIT_H

#include "check.h"
#include "slow.h"

enum { RT_FS = 0x64, RT_GS = 0x65 };

/* What follows in the clone belongs to the instruction at `offset`. */
RT_HIDDEN void rt_emit_note(struct rt_emitter *emitter, uint32_t offset);

/* ---- borrow.c ---- */

/* A register that may be overwritten, none of `avoid`. */
RT_HIDDEN unsigned rt_emit_borrow(struct rt_emitter *emitter, uint32_t i, rt_regs_t avoid);
RT_HIDDEN void rt_emit_give_back(struct rt_emitter *emitter, rt_regs_t registers, uint32_t offset);
/* Before instruction i: flags may be overwritten, and so may the register that is returned; `used` are what the program has there. */
RT_HIDDEN unsigned rt_emit_scratch(struct rt_emitter *emitter, uint32_t i, rt_regs_t used);

/* ---- check.c ---- */

/* The address into `reg`. Changes no flag. */
RT_HIDDEN void rt_emit_address(struct rt_emitter *emitter, const struct rt_memory *memory, unsigned reg);
RT_HIDDEN void rt_emit_call(struct rt_emitter *emitter, enum rt_slow_kind kind);
/* What stands behind its jump: of an access whose next instruction is at `after`. */
RT_HIDDEN void rt_emit_behind(struct rt_assembler *code, uintptr_t after, uint32_t what,
	struct rt_frame_place frame, const struct rt_memory *memory);

#endif
