#include "boundary.h"

/* Half of them go at a time. */
void rt_boundaries_make_room(struct rt_boundaries *all)
{
	enum { GONE = RT_BOUNDARIES / 2 };
	all->since = all->items[GONE - 1].epoch + 1;
	all->count -= GONE;
	rt_bytes_copy(all->items, all->items + GONE, all->count * sizeof(all->items[0]));
}

/* How many boundaries are before the epoch: the newest ones are asked for most. */
static uint32_t count_before(const struct rt_boundaries *all, rt_epoch_t epoch)
{
	uint32_t count = all->count;
	while (count && all->items[count - 1].epoch >= epoch)
		count--;
	return count;
}

void rt_boundary_drop(struct rt_boundaries *all, rt_epoch_t epoch)
{
	if (epoch < all->since)
		return;
	uint32_t i = count_before(all, epoch);
	struct rt_boundary *there = &all->items[i];
	if (i == all->count || there->epoch != epoch || there->holders == RT_BOUNDARY_STAYS ||
		--there->holders)
		return;
	all->count--;
	for (; i < all->count; i++)
		all->items[i] = all->items[i + 1];
}

bool rt_boundary_between(const struct rt_boundaries *all, rt_epoch_t first, rt_epoch_t second)
{
	uint32_t i = count_before(all, second);
	return first < all->since || (i && all->items[i - 1].epoch >= first);
}

rt_epoch_t rt_boundary_after(const struct rt_boundaries *all, rt_epoch_t epoch)
{
	return epoch < all->since ? all->since - 1 : all->items[count_before(all, epoch)].epoch;
}
