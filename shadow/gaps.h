/* Modules that are rewritten, but for some of their code: in a sample, by the options, or because it could not be taken apart.
 * What orders threads may be there, unseen, so that a race of theirs is no more than inferred.
 *
 * Who may include it: shadow/, rewrite/. */
#ifndef RACETRACK_SHADOW_GAPS_H
#define RACETRACK_SHADOW_GAPS_H

#include "context.h"

/* [low, high) from now on, until the module that begins at `low` is gone. One thread at a time. */
RT_HIDDEN void rt_gaps_add(uintptr_t low, uintptr_t high);
RT_HIDDEN void rt_gaps_forget(uintptr_t low);
/* The stack leads through one. Any thread. */
RT_HIDDEN bool rt_gaps_are_in(rt_ctx_t context);

#endif
