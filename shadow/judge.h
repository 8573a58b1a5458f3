/* Frees and closes, and what the destructors of exceptions do, that come after all uses in an order that is not seen: by an
 * atomic count of references.
 *
 * Who may include it: shadow/. Whoever can read code says what counts: rt_finding_set_judge, in engine.h. */
#ifndef RACETRACK_SHADOW_JUDGE_H
#define RACETRACK_SHADOW_JUDGE_H

#include "engine.h"

/* The access ends what it touches. */
RT_HIDDEN bool rt_judge_is_end(rt_ctx_t context);
/* The access is made by code that ends what nobody refers to any more. */
RT_HIDDEN bool rt_judge_is_counted(rt_ctx_t context);

#endif
