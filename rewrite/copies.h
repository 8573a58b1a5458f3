/* Registers that have the same value.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_COPIES_H
#define RACETRACK_REWRITE_COPIES_H

#include "body.h"

/* Those that have at `at` what `value` has: it, what it was copied to shortly before, straight ahead, or made from; or that have a copy of
 * that. Bits that mark a pointer may have been left out. */
RT_HIDDEN rt_regs_t rt_copies_before(const struct rt_body *body, uint32_t at, rt_regs_t value);
/* Those that have it behind the instruction, of those that had it before. */
RT_HIDDEN rt_regs_t rt_copies_behind(const struct rt_body *body, uint32_t at, rt_regs_t copies);

#endif
