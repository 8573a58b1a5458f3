#include "shared_range.h"

#include "arena.h"
#include "sync.h"

enum {
	RANGES_MOST = 1 << 16,
	NEEDED_OFTEN = 256, /* what showing costs, in calls that it saves */
};

uint32_t rt_shared_count RT_AT_FORK;

static struct {
	struct rt_guard guard;
	struct rt_shared_range *items; /* ascending, disjoint */
} ranges;

/* The first range that ends after the address. */
static uint32_t first_after(uintptr_t address)
{
	uint32_t low = 0, high = __atomic_load_n(&rt_shared_count, __ATOMIC_RELAXED);
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (ranges.items[middle].high <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool rt_shared_next(uintptr_t low, uintptr_t high, struct rt_shared_range *range)
{
	for (;;) {
		uint32_t changes;
		if (!rt_guard_look(&ranges.guard, &changes))
			continue;
		uint32_t at = first_after(low);
		bool found = at < rt_shared_count && ranges.items[at].low < high;
		if (found)
			*range = ranges.items[at];
		if (rt_guard_is_unchanged(&ranges.guard, changes))
			return found;
	}
}

bool rt_shared_find(uintptr_t address, struct rt_shared_range *range)
{
	return rt_shared_next(address, address + 1, range);
}

/* ---- changes: all with the guard held ---- */

static void remove_at(uint32_t index)
{
	for (uint32_t i = index; i + 1 < rt_shared_count; i++)
		ranges.items[i] = ranges.items[i + 1];
	rt_shared_count--;
}

static bool insert(const struct rt_shared_range *range)
{
	if (!ranges.items)
		ranges.items = rt_reserve_pages(RANGES_MOST * sizeof(*ranges.items));
	if (!ranges.items || rt_shared_count == RANGES_MOST)
		return false;
	uint32_t at = first_after(range->low);
	for (uint32_t i = rt_shared_count; i > at; i--)
		ranges.items[i] = ranges.items[i - 1];
	ranges.items[at] = *range;
	rt_shared_count++;
	return true;
}

/* What is left of a range when [low, high) goes. */
static void cut(uint32_t index, uintptr_t low, uintptr_t high)
{
	struct rt_shared_range *range = &ranges.items[index], rest = *range;
	bool before = range->low < low, after = high < range->high;
	rest.place += high - rest.low;
	rest.offset += high - rest.low;
	rest.low = high;
	if (before)
		range->high = low;
	else if (after)
		*range = rest;
	else
		remove_at(index);
	if (before && after)
		insert(&rest);
}

bool rt_shared_add(const struct rt_shared_range *range)
{
	rt_guard_lock(&ranges.guard);
	bool added = insert(range);
	rt_guard_unlock(&ranges.guard);
	return added;
}

bool rt_shared_take(uintptr_t low, uintptr_t high, struct rt_shared_range *gone)
{
	rt_guard_lock(&ranges.guard);
	uint32_t at = first_after(low);
	bool found = at < rt_shared_count && ranges.items[at].low < high;
	if (found) {
		*gone = ranges.items[at];
		uintptr_t from = gone->low < low ? low : gone->low,
			  to = gone->high > high ? high : gone->high;
		gone->place += from - gone->low;
		gone->offset += from - gone->low;
		cut(at, from, to);
		gone->low = from;
		gone->high = to;
	}
	rt_guard_unlock(&ranges.guard);
	return found;
}

/* NULL: there is none. */
static struct rt_shared_range *range_at(uintptr_t address)
{
	uint32_t at = first_after(address);
	return at < rt_shared_count && ranges.items[at].low <= address ? &ranges.items[at] : NULL;
}

void rt_shared_set_mapping(uintptr_t low, uint32_t mapping, bool used)
{
	rt_guard_lock(&ranges.guard);
	struct rt_shared_range *range = range_at(low);
	if (range && range->low == low) {
		range->mapping = used ? mapping : range->mapping;
		range->published = range->published ? range->published : mapping;
	}
	rt_guard_unlock(&ranges.guard);
}

void rt_shared_need(uintptr_t address, void (*show)(const struct rt_shared_range *range))
{
	rt_guard_lock(&ranges.guard);
	struct rt_shared_range *range = range_at(address);
	if (range && !range->shown && ++range->needed == NEEDED_OFTEN) {
		show(range);
		range->shown = true;
	}
	rt_guard_unlock(&ranges.guard);
}

void rt_shared_forked(void)
{
	for (uint32_t i = 0; i < rt_shared_count; i++)
		ranges.items[i].mapping = 0;
}
