/* The walk from a wrapped call to its calling context.
 *
 * Who may include it: interpose/. Owner thread, inside the engine. */
#ifndef RACETRACK_INTERPOSE_STACK_H
#define RACETRACK_INTERPOSE_STACK_H

#include "shadow/activation.h"

/* For rt_context_set_walker. *caller is left as it is where nothing is known. */
RT_HIDDEN void rt_stack_walk(struct rt_thread *self, struct rt_site *site, struct rt_caller *caller);
RT_HIDDEN uintptr_t rt_stack_cfa(struct rt_thread *self, const struct rt_site *site, uintptr_t address);

#endif
