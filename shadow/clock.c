#include "clock.h"

#include "engine.h"

static bool make_room(struct rt_clock *clock, uint32_t count)
{
	if (count <= clock->room)
		return true;
	uint32_t room = clock->room ? clock->room : 4;
	while (room < count)
		room *= 2;
	uint64_t *epochs = rt_alloc(room * sizeof(uint64_t));
	if (!epochs)
		return false;
	rt_bytes_copy(epochs, clock->epochs, clock->count * sizeof(uint64_t));
	uint64_t *old = clock->epochs;

	__atomic_store_n(&clock->epochs, epochs, __ATOMIC_RELEASE);
	rt_free(old, clock->room * sizeof(uint64_t));
	clock->room = room;
	return true;
}

bool rt_clock_set(struct rt_clock *clock, rt_slot_t slot, uint64_t epoch)
{
	if (slot >= clock->count) {
		if (!make_room(clock, slot + 1))
			return false;
		for (uint32_t i = clock->count; i < slot; i++)
			clock->epochs[i] = 0;
		clock->count = slot + 1;
	}
	clock->epochs[slot] = epoch;
	return true;
}

bool rt_clock_join(struct rt_clock *clock, const struct rt_clock *other)
{
	if (!make_room(clock, other->count))
		return false;
	for (uint32_t i = clock->count; i < other->count; i++)
		clock->epochs[i] = 0;
	if (other->count > clock->count)
		clock->count = other->count;
	for (uint32_t i = 0; i < other->count; i++)
		if (other->epochs[i] > clock->epochs[i])
			clock->epochs[i] = other->epochs[i];
	return true;
}

void rt_clock_fini(struct rt_clock *clock)
{
	rt_free(clock->epochs, clock->room * sizeof(uint64_t));
	*clock = (struct rt_clock){0};
}
