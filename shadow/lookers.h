/* Threads that looked at a place which becomes a sync variable because of another thread's store. A check comes before its load:
 * such a thread may have been interrupted between the two, find what is stored now, and never acquire it. So the store waits until
 * the thread comes to the engine again: by then its load is done, and its next one is checked anew.
 *
 * For as long as all these waits together take little: a thread that sleeps, or computes, does not come.
 *
 * Who may include it: shadow/. */
#ifndef RACETRACK_SHADOW_LOOKERS_H
#define RACETRACK_SHADOW_LOOKERS_H

#include "thread.h"

enum { RT_LOOKERS_MOST = 8 /* more are not waited for */ };

struct rt_lookers {
	const struct rt_thread *at[RT_LOOKERS_MOST];
	unsigned count;
};

/* Those of plain loads in their present epochs. pre: all threads are stopped, here and until they have come. */
RT_HIDDEN void rt_lookers_find(
	struct rt_lookers *lookers, struct rt_thread *self, uintptr_t address, size_t bytes);
/* pre: their accesses are forgotten, so that they will be checked. */
RT_HIDDEN void rt_lookers_wait(const struct rt_lookers *lookers);

#endif
