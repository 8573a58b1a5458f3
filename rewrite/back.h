/* Back along the one way that control takes: not always as the code lies, for compilers turn loops round and put their tests below.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_BACK_H
#define RACETRACK_REWRITE_BACK_H

#include "body.h"

/* The instruction that control comes from to `i`: the one before, where it goes on there, or the one that jumps. RT_NO_INSN: there are
 * several, or none. */
RT_HIDDEN uint32_t rt_back_from(const struct rt_body *body, uint32_t i);

#endif
