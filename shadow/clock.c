#include "clock.h"

#include "engine.h"

static struct rt_spin moving;

void rt_clocks_hold(void)
{
	rt_spin_lock(&moving);
}

void rt_clocks_let_go(void)
{
	rt_spin_unlock(&moving);
}

static uint32_t fours(uint32_t count)
{
	return (count + RT_FOUR - 1) / RT_FOUR;
}

static bool make_room(struct rt_clock *clock, uint32_t count)
{
	if (RT_LIKELY(count <= clock->room))
		return true;
	uint32_t room = clock->room ? clock->room : RT_FOUR;
	while (room < count)
		room *= 2;
	rt_epoch_t *epochs = rt_alloc(room * sizeof(rt_epoch_t));
	if (!epochs)
		return false;
	rt_bytes_copy(epochs, clock->epochs, clock->count * sizeof(rt_epoch_t));
	rt_clocks_hold();
	struct rt_clock old = *clock;
	clock->epochs = epochs;
	clock->room = (uint16_t)room;
	clock->lent = false;
	rt_clocks_let_go();
	rt_clock_fini(&old);
	return true;
}

bool rt_clock_set_long(struct rt_clock *clock, rt_slot_t slot, rt_epoch_t epoch)
{
	if (!make_room(clock, slot + 1))
		return false;
	if (slot >= clock->count)
		clock->count = slot + 1;
	clock->epochs[slot] = epoch;
	return true;
}

enum rt_joined rt_clock_join_long(struct rt_clock *clock, const struct rt_clock *other)
{
	if (!make_room(clock, other->count))
		return RT_JOIN_FAILED;
	if (other->count > clock->count)
		clock->count = other->count;
	rt_four_epochs *mine = (rt_four_epochs *)clock->epochs, grew = {0};
	const rt_four_epochs *theirs = (const rt_four_epochs *)other->epochs;
	for (uint32_t i = 0, n = fours(other->count); i < n; i++) {
		rt_four_epochs a = mine[i], b = theirs[i], later = b > a;
		grew |= later;
		mine[i] = (later & b) | (~later & a);
	}
	return grew[0] | grew[1] | grew[2] | grew[3] ? RT_JOIN_GREW : RT_JOIN_SAME;
}

bool rt_clock_copy_long(struct rt_clock *clock, const struct rt_clock *other)
{
	if (!make_room(clock, other->count))
		return false;
	rt_four_epochs *mine = (rt_four_epochs *)clock->epochs;
	const rt_four_epochs *theirs = (const rt_four_epochs *)other->epochs;
	uint32_t n = fours(other->count);
	for (uint32_t i = 0; i < n; i++)
		mine[i] = theirs[i];
	for (uint32_t i = n; i < fours(clock->count); i++)
		mine[i] = (rt_four_epochs){0};
	clock->count = other->count;
	return true;
}

void rt_clock_fini(struct rt_clock *clock)
{
	if (!clock->lent)
		rt_free(clock->epochs, clock->room * sizeof(rt_epoch_t));
	*clock = (struct rt_clock){0};
}
