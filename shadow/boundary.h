/* Boundaries: between which of a thread's epochs somebody may tell the difference.
 *
 * Each release begins an epoch, as who takes it knows what came before, and not what comes after. But most are taken by nobody:
 * the thread releases the same lock again, and what it published there before is gone. Then nobody knows that epoch without the
 * next one, nobody will, and cells of the two are as good as of one. So what a thread did to a granule under a lock of its own
 * needs no list (rt_cells_unite), however often it took the lock.
 *
 * Nobody can take it any more as soon as the thread has the lock again. From then on what it does is of the epoch that it did the
 * same things in before (rt_thread_resume), and is found in the cells: a lock that one thread takes again and again begins no
 * epochs but for what is done without it.
 *
 * Semantics. A boundary is the last epoch that some message, clock or thread may know of a thread; who published holds it until
 * that is known to be overwritten unseen (message.h), as it is of all objects but atomic ones. Of two epochs without a boundary from the
 * earlier up to the later one, everybody knows both or neither, for ever. Where there are more than a thread can keep, the
 * oldest are taken to be everywhere.
 *
 * Who may include it: shadow/. The thread itself inside the engine; another one's while that is kept out of it. */
#ifndef RACETRACK_SHADOW_BOUNDARY_H
#define RACETRACK_SHADOW_BOUNDARY_H

#include "clock.h"

enum { RT_BOUNDARIES_NEW = 64, RT_BOUNDARIES_OLD = 24 };

struct rt_boundaries {
	uint64_t are;      /* which of the newest epochs are: bit n for `newest` - n */
	uint64_t stay;     /* of these, for ever */
	rt_epoch_t newest; /* was published */
	rt_epoch_t since;  /* earlier epochs: each may be one */
	uint32_t old_count;
	rt_epoch_t old[RT_BOUNDARIES_OLD]; /* those before, for ever; by their epochs */
};

/* The thread's epochs begin anew, with this one. */
static inline void rt_boundaries_begin(struct rt_boundaries *all, rt_epoch_t epoch)
{
	*all = (struct rt_boundaries){.newest = epoch, .since = epoch};
}

/* The newest is another number of epochs later. */
RT_HIDDEN void rt_boundaries_advance(struct rt_boundaries *all, uint32_t epochs);

/* The epoch, the thread's last so far, was published: for ever, or in one message that may be overwritten. */
static inline void rt_boundary_hold(struct rt_boundaries *all, rt_epoch_t epoch, bool stays)
{
	if (epoch - all->newest == 1 && !(all->are >> (RT_BOUNDARIES_NEW - 1))) {
		all->are <<= 1;
		all->stay <<= 1;
		all->newest++;
	} else if (epoch != all->newest) {
		rt_boundaries_advance(all, epoch - all->newest);
	}
	all->stay |= stays || (all->are & 1);
	all->are |= 1;
}

/* The one message that said the epoch was overwritten, and nobody had looked at it. */
static inline void rt_boundary_drop(struct rt_boundaries *all, rt_epoch_t epoch)
{
	uint32_t before = all->newest - epoch;
	if (before < RT_BOUNDARIES_NEW)
		all->are &= ~((uint64_t)1 << before & ~all->stay);
}

/* Somebody may know the first epoch, and not the second. pre: first < second. */
RT_HIDDEN bool rt_boundary_between(const struct rt_boundaries *all, rt_epoch_t first, rt_epoch_t second);

/* The first epoch after the last boundary. */
static inline rt_epoch_t rt_boundaries_end(const struct rt_boundaries *all)
{
	rt_epoch_t old = all->old_count ? all->old[all->old_count - 1] + 1 : all->since;
	return all->are ? all->newest - (uint32_t)__builtin_ctzll(all->are) + 1 : old;
}

/* The first boundary from the epoch on, or a later one where that is not known any more; 0: there is none. */
RT_HIDDEN rt_epoch_t rt_boundary_after(const struct rt_boundaries *all, rt_epoch_t epoch);

#endif
