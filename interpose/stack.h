/* The walk from a wrapped call to its calling context.
 *
 * Who may include it: interpose/. Owner thread, inside the engine. */
#ifndef RACETRACK_INTERPOSE_STACK_H
#define RACETRACK_INTERPOSE_STACK_H

#include "shadow/thread.h"

/* For rt_context_set_walker: fills site->callers; and what is known without a walk. */
RT_HIDDEN void rt_stack_walk(struct rt_thread *self, struct rt_site *site);
RT_HIDDEN rt_ctx_t rt_stack_path(struct rt_thread *self, const struct rt_site *site);

#endif
