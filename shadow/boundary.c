#include "boundary.h"

/* Half of them go at a time. */
static void add_old(struct rt_boundaries *all, rt_epoch_t epoch)
{
	enum { GONE = RT_BOUNDARIES_OLD / 2 };
	if (all->old_count == RT_BOUNDARIES_OLD) {
		all->since = all->old[GONE - 1] + 1;
		all->old_count -= GONE;
		for (uint32_t i = 0; i < all->old_count; i++)
			all->old[i] = all->old[i + GONE];
	}
	all->old[all->old_count++] = epoch;
}

void rt_boundaries_advance(struct rt_boundaries *all, uint32_t epochs)
{
	bool all_go = epochs >= RT_BOUNDARIES_NEW;
	uint64_t going = all_go ? all->are : all->are & ~(~(uint64_t)0 >> epochs);
	while (RT_UNLIKELY(going != 0)) {
		uint32_t before = 63 - (uint32_t)__builtin_clzll(going);
		add_old(all, all->newest - before);
		going &= ~((uint64_t)1 << before);
	}
	all->are = all_go ? 0 : all->are << epochs;
	all->stay = all_go ? 0 : all->stay << epochs;
	all->newest += epochs;
}

/* The first boundary from the epoch on; 0: there is none. */
static rt_epoch_t first_from(const struct rt_boundaries *all, rt_epoch_t epoch)
{
	uint32_t i = all->old_count;
	while (i && all->old[i - 1] >= epoch)
		i--;
	if (i < all->old_count)
		return all->old[i];
	if (epoch > all->newest)
		return 0;
	uint32_t before = all->newest - epoch;
	uint64_t from = before < RT_BOUNDARIES_NEW ? all->are & (~(uint64_t)0 >> (63 - before)) : all->are;
	return from ? all->newest - (63 - (uint32_t)__builtin_clzll(from)) : 0;
}

bool rt_boundary_between(const struct rt_boundaries *all, rt_epoch_t first, rt_epoch_t second)
{
	rt_epoch_t there = first_from(all, first);
	return first < all->since || (there && there < second);
}

rt_epoch_t rt_boundary_after(const struct rt_boundaries *all, rt_epoch_t epoch)
{
	return epoch < all->since ? all->since - 1 : first_from(all, epoch);
}
