/* Tallies: what an atomic instruction adds to a count whose result its code never looks at (RT_ATOMIC_TALLY), as for statistics.
 *
 * In the source most are relaxed, which orders nothing, but in machine code they are what any other atomic change is. Taken as a
 * release each ends an epoch: a server that counts what it allocates begins one at each allocation, and all that it does has to be recorded
 * anew.
 *
 * Semantics. A thread that has added to a count RT_TALLY_LONG times, with nobody else's change in between, goes on in silence: no epoch
 * ends but at each sixteenth time (RT_TALLY_SILENT), so that what is wrong again and again is found all the same. The first other
 * thread that uses the count after that, in whatever way, comes after all that the first one has done by then; and from then on the
 * count is as any other. So no order is lost. What may be missed is a race with what the first thread did between its last
 * addition and that moment, if it does not do it again.
 *
 * Who may include it: shadow/. Any thread inside the engine. */
#ifndef RACETRACK_SHADOW_TALLY_H
#define RACETRACK_SHADOW_TALLY_H

#include "sync.h"

enum { RT_TALLY_LONG = 256, RT_TALLY_SILENT = 16 };

/* rt_tally_is_silent, where there is more to it than nothing. */
RT_HIDDEN bool rt_tally_goes_on(struct rt_thread *self, struct rt_sync *sync, enum rt_atomic_kind kind);

/* The change publishes nothing yet. The object is locked, and heard. */
static inline bool rt_tally_is_silent(struct rt_thread *self, struct rt_sync *sync, enum rt_atomic_kind kind)
{
	return RT_UNLIKELY(kind == RT_ATOMIC_TALLY || sync->exclusive.silent) &&
	       rt_tally_goes_on(self, sync, kind);
}

/* Another thread has gone silent there: rt_tally_hear has to come first. */
static inline bool rt_tally_is_unheard(const struct rt_thread *self, const struct rt_sync *sync)
{
	return RT_UNLIKELY(sync->exclusive.silent) && sync->tallied_by != self->id;
}
RT_HIDDEN RT_COLD void rt_tally_hear(struct rt_thread *self, uint64_t key);

/* The thread ends, and says all that it has not said. The threads' lock is held. */
RT_HIDDEN void rt_tally_retire(struct rt_thread *thread);

#endif
