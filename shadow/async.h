/* Work that nobody who is seen does for a thread: asynchronous input and output. It is a thread by its clock and in reports, begins
 * where the work was asked for, and runs no code: who asked for the work says in its name what it does.
 *
 * Who may include it: interpose/. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_ASYNC_H
#define RACETRACK_SHADOW_ASYNC_H

#include "engine.h"

/* Where the work is asked for. NULL: no memory. */
RT_HIDDEN struct rt_thread *rt_async_begin(
	struct rt_thread *self, struct rt_site *site, const char *name, uint32_t *id);
/* Between the two `async` is the calling thread, for rt_access and rt_sync_release. */
RT_HIDDEN void rt_async_enter(struct rt_thread *self, struct rt_thread *async);
RT_HIDDEN void rt_async_leave(struct rt_thread *self, struct rt_thread *async);
/* The work is done, and `self` knows it. Once. */
RT_HIDDEN void rt_async_end(struct rt_thread *self, uint32_t id);

#endif
