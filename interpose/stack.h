/* The walk from a wrapped call to its calling context.
 *
 * Who may include it: interpose/. Owner thread, inside the engine. */
#ifndef RACETRACK_INTERPOSE_STACK_H
#define RACETRACK_INTERPOSE_STACK_H

#include "shadow/thread.h"

/* For rt_context_set_walker: fills site->callers. */
RT_HIDDEN void rt_stack_walk(struct rt_thread *self, struct rt_site *site);

#endif
