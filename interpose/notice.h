/* Functions of the program that the C library calls in threads of its own (SIGEV_THREAD of timer_create and mq_notify, POSIX.1-2017
 * 2.4.1): the library is given a function in their place, which says what the call comes after.
 *
 * Who may include it: interpose/. */
#ifndef RACETRACK_INTERPOSE_NOTICE_H
#define RACETRACK_INTERPOSE_NOTICE_H

#include "types.h"
#include "shadow/engine.h"

#include <signal.h>

/* One that was asked for. It stays for good, as a call for it may be on its way at any time, but one that is called once. */
struct rt_noticing;

/* Outside the engine. Threads come if `event`, which may be NULL or no address, asks for them: that it does. */
RT_HIDDEN bool rt_notices_coming(const struct sigevent *event);
/* Inside the engine: what is to stand in place of `event`, which asks for a thread. from: the key of what it comes after, too, or 0.
 * NULL: no memory, the event itself is to be used. */
RT_HIDDEN struct rt_noticing *rt_noticing_new(struct rt_thread *self, struct rt_site *site,
	const struct sigevent *event, bool once, uint64_t from, struct sigevent *instead);
/* Who does so happens before calls that come later. */
RT_HIDDEN void rt_noticing_told(
	struct rt_thread *self, struct rt_site *site, const struct rt_noticing *noticing);
/* It was not asked for in the end. NULL is none. */
RT_HIDDEN void rt_noticing_drop(struct rt_thread *self, struct rt_noticing *noticing);

#endif
