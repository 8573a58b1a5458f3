/* Which threads meet in which round of a barrier of this process.
 *
 * Semantics. All of a round release before any of it is let go, and each acquires what its own round released: not what a
 * thread that ran ahead, to the next round, did after this one. So two rounds have a clock each, in turn; one is begun anew
 * when nobody is left of the round before the last.
 *
 * The round is counted by who comes. That is the real one as long as there are no more threads on their way through than the
 * barrier counts: each may be the one that the others wait for. With more of them ("crowded"), who came first is not known, and
 * both clocks are released to and acquired until all have left; for good, where threads passed that did not come this way.
 *
 * A barrier lives until its last thread has left, which may be after it was destroyed.
 *
 * Who may include it: interpose/barrier.c. Threads inside the engine. */
#ifndef RACETRACK_INTERPOSE_ROUND_H
#define RACETRACK_INTERPOSE_ROUND_H

#include "wrap.h"

/* Of a wait that has begun. */
struct rt_round {
	struct rt_barrier *barrier; /* NULL: not known, it has one clock, its address's */
	uint64_t number;
	bool both;
};

/* count: 0 for one that is not to be known. */
RT_HIDDEN void rt_barrier_made(struct rt_thread *self, const volatile void *address, uint32_t count);
RT_HIDDEN void rt_barrier_gone(struct rt_thread *self, const volatile void *address);
/* Before the wait, and, with what that returned, after it. */
RT_HIDDEN struct rt_round rt_barrier_enter(
	struct rt_thread *self, struct rt_site *site, const volatile void *address);
RT_HIDDEN void rt_barrier_leave(
	struct rt_thread *self, struct rt_site *site, const volatile void *address, struct rt_round round);

#endif
