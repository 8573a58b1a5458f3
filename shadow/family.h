/* Processes and those that they start: a fork, an exec, a child that was waited for, each orders what was done before it.
 *
 * Who may include it: shadow/. `self`: the calling thread, inside the engine. Nothing where there is no session. */
#ifndef RACETRACK_SHADOW_FAMILY_H
#define RACETRACK_SHADOW_FAMILY_H

#include "session.h"

/* This image has just begun. */
RT_HIDDEN void rt_family_begin(struct rt_thread *self);
/* It ends; `continues`: another image may follow. */
RT_HIDDEN void rt_family_end(struct rt_thread *self, bool continues);
/* Before a fork, and after it in the child. The threads stand still. */
RT_HIDDEN void rt_family_forking(struct rt_thread *self);
RT_HIDDEN void rt_family_forked(struct rt_thread *self);
/* What happens in the session may matter to this process. */
RT_HIDDEN void rt_family_follow(struct rt_thread *self);

#endif
