/* Vector clocks: one epoch per thread slot; slots past `count` are at epoch 0.
 *
 * Who may include it: shadow/. A clock belongs to one thread, or to a sync object whose lock is held; rt_floor_raise reads
 * those of other threads. */
#ifndef RACETRACK_SHADOW_CLOCK_H
#define RACETRACK_SHADOW_CLOCK_H

#include "base.h"

/* Below 2^31: there are no more segments (thread.h). Compared as signed numbers, four at a time. */
typedef uint32_t rt_epoch_t;

struct rt_clock {
	uint32_t count;
	uint32_t room; /* a multiple of 4; zero from count on */
	rt_epoch_t *epochs;
};

static inline rt_epoch_t rt_clock_get(const struct rt_clock *clock, rt_slot_t slot)
{
	return slot < clock->count ? __atomic_load_n(&clock->epochs[slot], __ATOMIC_RELAXED) : 0;
}

/* What one thread tells others by a sync object: see message.h. */
struct rt_message {
	struct rt_clock clock;
	rt_slot_t from; /* whose it is: where at is not 0 */
	rt_epoch_t at;  /* the epoch it was published at; 0: of several, or empty */
};

enum rt_joined { RT_JOIN_SAME, RT_JOIN_GREW, RT_JOIN_FAILED };

/* False: no memory, and the clock is as it was. */
RT_HIDDEN bool rt_clock_set(struct rt_clock *clock, rt_slot_t slot, rt_epoch_t epoch);
/* clock = max(clock, other), slot by slot. Failed: no memory, and the clock is as it was. */
RT_HIDDEN enum rt_joined rt_clock_join(struct rt_clock *clock, const struct rt_clock *other);
/* clock = other. False as above. */
RT_HIDDEN bool rt_clock_copy(struct rt_clock *clock, const struct rt_clock *other);
RT_HIDDEN void rt_clock_clear(struct rt_clock *clock);
RT_HIDDEN void rt_clock_fini(struct rt_clock *clock);

/* Keeps all clocks from moving their epochs to other memory, so that they can be read: they only grow. */
RT_HIDDEN void rt_clocks_hold(void);
RT_HIDDEN void rt_clocks_let_go(void);

#endif
