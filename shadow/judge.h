/* Frees and closes, and what the destructors of exceptions do, that come after all uses in an order that is not seen: by an
 * atomic count of references. And freed memory that has become something else unseen.
 *
 * Who may include it: shadow/. Whoever can read code says what counts: rt_finding_set_judges, in engine.h. */
#ifndef RACETRACK_SHADOW_JUDGE_H
#define RACETRACK_SHADOW_JUDGE_H

#include "engine.h"

/* The access ends what it touches. */
RT_HIDDEN bool rt_judge_is_end(rt_ctx_t context);
/* The access is made by code that ends what nobody refers to any more. */
RT_HIDDEN bool rt_judge_is_counted(rt_ctx_t context);
/* The block is an exception's, which is freed when nobody refers to it any more. */
RT_HIDDEN bool rt_judge_is_exception(uintptr_t address);
/* A module's, since some time after the start: a block that was freed there has nothing to do with it. */
RT_HIDDEN bool rt_judge_is_loaded(uintptr_t address);

#endif
