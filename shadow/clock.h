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
	uint16_t room; /* a multiple of 4; zero from count on */
	bool lent;     /* the epochs are part of something else, and not freed */
	rt_epoch_t *epochs;
};
_Static_assert(sizeof(struct rt_clock) == 16, "beside its epochs in one line of the cache: see sync.h");

static inline rt_epoch_t rt_clock_get(const struct rt_clock *clock, rt_slot_t slot)
{
	return slot < clock->count ? __atomic_load_n(&clock->epochs[slot], __ATOMIC_RELAXED) : 0;
}

/* What one thread tells others by a sync object: see message.h. */
struct rt_message {
	struct rt_clock clock;
	uint16_t from; /* the slot of whose it is: where at is not 0 */
	bool held;     /* a boundary of that thread, which nobody has taken: see boundary.h */
	bool silent;   /* the object's thread has published more since: see tally.h */
	rt_epoch_t at; /* the epoch it was published at; 0: of several, or empty */
};

enum rt_joined { RT_JOIN_SAME, RT_JOIN_GREW, RT_JOIN_FAILED };

typedef int32_t rt_four_epochs __attribute__((vector_size(16), may_alias));
enum { RT_FOUR = 4 };

/* The ways for more than four slots. */
RT_HIDDEN bool rt_clock_set_long(struct rt_clock *clock, rt_slot_t slot, rt_epoch_t epoch);
RT_HIDDEN enum rt_joined rt_clock_join_long(struct rt_clock *clock, const struct rt_clock *other);
RT_HIDDEN bool rt_clock_copy_long(struct rt_clock *clock, const struct rt_clock *other);

/* False: no memory, and the clock is as it was. */
static inline bool rt_clock_set(struct rt_clock *clock, rt_slot_t slot, rt_epoch_t epoch)
{
	if (RT_UNLIKELY(slot >= clock->count))
		return rt_clock_set_long(clock, slot, epoch);
	clock->epochs[slot] = epoch;
	return true;
}

/* Both have room for four slots at least, and no more than four are in use. */
static inline bool rt_clocks_are_short(const struct rt_clock *clock, const struct rt_clock *other)
{
	return RT_LIKELY(clock->count <= RT_FOUR && clock->room && other->count - 1 < RT_FOUR);
}

/* clock = max(clock, other), slot by slot. Failed: no memory, and the clock is as it was. */
static inline enum rt_joined rt_clock_join(struct rt_clock *clock, const struct rt_clock *other)
{
	if (!rt_clocks_are_short(clock, other))
		return rt_clock_join_long(clock, other);
	rt_four_epochs *mine = (rt_four_epochs *)clock->epochs, a = *mine,
		       b = *(const rt_four_epochs *)other->epochs, later = b > a;
	if (clock->count < other->count)
		clock->count = other->count;
	*mine = (later & b) | (~later & a);
	return later[0] | later[1] | later[2] | later[3] ? RT_JOIN_GREW : RT_JOIN_SAME;
}

/* clock = other. False as above. */
static inline bool rt_clock_copy(struct rt_clock *clock, const struct rt_clock *other)
{
	if (!rt_clocks_are_short(clock, other))
		return rt_clock_copy_long(clock, other);
	*(rt_four_epochs *)clock->epochs = *(const rt_four_epochs *)other->epochs;
	clock->count = other->count;
	return true;
}

static inline void rt_clock_clear(struct rt_clock *clock)
{
	static const struct rt_clock nothing;
	if (clock->count)
		rt_clock_copy_long(clock, &nothing);
}

/* An empty clock's first epochs: zeros at a multiple of 16, beside whatever else is used with them. `room`: a multiple of 4. */
static inline void rt_clock_lend(struct rt_clock *clock, rt_epoch_t *epochs, uint16_t room)
{
	*clock = (struct rt_clock){.room = room, .lent = true, .epochs = epochs};
}

RT_HIDDEN void rt_clock_fini(struct rt_clock *clock);

/* Keeps all clocks from moving their epochs to other memory, so that they can be read: they only grow. */
RT_HIDDEN void rt_clocks_hold(void);
RT_HIDDEN void rt_clocks_let_go(void);

#endif
