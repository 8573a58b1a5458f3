/* Words that threads wait for in the kernel: futex(2).
 *
 * Who may include it: interpose/. Inside the engine. */
#ifndef RACETRACK_INTERPOSE_FUTEX_H
#define RACETRACK_INTERPOSE_FUTEX_H

#include "shadow/engine.h"

/* Before the call of that number, and after it succeeded: its arguments. */
RT_HIDDEN void rt_futex_before(
	struct rt_thread *self, struct rt_site *site, long number, const long arguments[6]);
RT_HIDDEN void rt_futex_after(
	struct rt_thread *self, struct rt_site *site, long number, const long arguments[6], long result);

#endif
