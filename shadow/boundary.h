/* Boundaries: between which of a thread's epochs somebody may tell the difference.
 *
 * Each release begins an epoch, as who takes it knows what came before, and not what comes after. But most are taken by nobody:
 * the thread releases the same lock again, and what it published there before is gone. Then nobody knows that epoch without the
 * next one, nobody will, and cells of the two are as good as of one. So what a thread did to a granule under a lock of its own
 * needs no list (rt_cells_unite), however often it took the lock.
 *
 * Semantics. A boundary is the last epoch that some message, clock or thread may know of a thread; who published holds it until
 * that is known to be overwritten unseen, which is known of locks alone (message.h). Of two epochs without a boundary from the
 * earlier up to the later one, everybody knows both or neither, for ever. Where there are more than a thread can keep, the
 * oldest are taken to be everywhere.
 *
 * Who may include it: shadow/. The thread itself inside the engine; another one's while that is kept out of it. */
#ifndef RACETRACK_SHADOW_BOUNDARY_H
#define RACETRACK_SHADOW_BOUNDARY_H

#include "clock.h"

enum { RT_BOUNDARIES = 32 };

struct rt_boundary {
	rt_epoch_t epoch;
	uint32_t holders; /* messages that say it; RT_BOUNDARY_STAYS: for ever */
};
#define RT_BOUNDARY_STAYS UINT32_MAX

struct rt_boundaries {
	uint32_t count;
	rt_epoch_t since; /* earlier epochs: each may be one */
	struct rt_boundary items[RT_BOUNDARIES]; /* by their epochs */
};

/* The thread's epochs begin anew, with this one. */
static inline void rt_boundaries_begin(struct rt_boundaries *all, rt_epoch_t epoch)
{
	all->count = 0;
	all->since = epoch;
}

RT_HIDDEN RT_COLD void rt_boundaries_make_room(struct rt_boundaries *all);

/* The epoch, the thread's last so far, was published: for ever, or in one message that may be overwritten. */
static inline void rt_boundary_hold(struct rt_boundaries *all, rt_epoch_t epoch, bool stays)
{
	if (!all->count || all->items[all->count - 1].epoch != epoch) {
		if (RT_UNLIKELY(all->count == RT_BOUNDARIES))
			rt_boundaries_make_room(all);
		all->items[all->count++] = (struct rt_boundary){epoch, 0};
	}
	struct rt_boundary *last = &all->items[all->count - 1];
	last->holders = stays || last->holders == RT_BOUNDARY_STAYS ? RT_BOUNDARY_STAYS : last->holders + 1;
}

/* A message that said the epoch was overwritten, and nobody had looked at it. */
RT_HIDDEN void rt_boundary_drop(struct rt_boundaries *all, rt_epoch_t epoch);

/* Somebody may know the first epoch, and not the second. pre: first < second. */
RT_HIDDEN bool rt_boundary_between(const struct rt_boundaries *all, rt_epoch_t first, rt_epoch_t second);

/* The first boundary from the epoch on, or one after it where that is not known any more. pre: there is one. */
RT_HIDDEN rt_epoch_t rt_boundary_after(const struct rt_boundaries *all, rt_epoch_t epoch);

#endif
