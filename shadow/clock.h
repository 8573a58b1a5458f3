/* Vector clocks: one 64-bit epoch per thread slot; slots past `count` are at epoch 0.
 *
 * Who may include it: shadow/. A clock belongs to one thread, or to a sync object whose lock is held. */
#ifndef RACETRACK_SHADOW_CLOCK_H
#define RACETRACK_SHADOW_CLOCK_H

#include "base.h"

struct rt_clock {
	uint32_t count;
	uint32_t room;
	uint64_t *epochs;
};

static inline uint64_t rt_clock_get(const struct rt_clock *clock, rt_slot_t slot)
{
	return slot < clock->count ? clock->epochs[slot] : 0;
}

/* False: no memory, and the clock is as it was. */
RT_HIDDEN bool rt_clock_set(struct rt_clock *clock, rt_slot_t slot, uint64_t epoch);
/* clock = max(clock, other), slot by slot. False: no memory, and the clock is as it was. */
RT_HIDDEN bool rt_clock_join(struct rt_clock *clock, const struct rt_clock *other);
RT_HIDDEN void rt_clock_fini(struct rt_clock *clock);

#endif
