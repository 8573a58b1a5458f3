#include "vacant.h"

struct range {
	uintptr_t low, high;
	rt_cell_t cell;
};

static struct {
	struct rt_spin spin;
	uint32_t count; /* ever put */
	struct range ranges[RT_VACANT_RANGES];
} all;

void rt_vacant_put(uintptr_t start, uintptr_t end, rt_cell_t cell)
{
	rt_spin_lock(&all.spin);
	all.ranges[all.count++ % RT_VACANT_RANGES] = (struct range){start, end, cell};
	rt_spin_unlock(&all.spin);
	for (size_t run; start < end; start += run) {
		const struct rt_granule *page =
			(const struct rt_granule *)rt_space_at(&rt_cells, start, &run, true);
		run = run < end - start ? run : end - start;
		for (size_t at = 0; page && rt_page_has_state(page) && at < run; at += RT_PAGE_BYTES)
			rt_page_vacate(start + at);
	}
}

/* 0: its range is not known any more. */
static rt_cell_t cell_of(uintptr_t start)
{
	for (uint32_t i = 1; i <= RT_VACANT_RANGES && i <= all.count; i++) {
		const struct range *range = &all.ranges[(all.count - i) % RT_VACANT_RANGES];
		if (start >= range->low && start < range->high)
			return range->cell;
	}
	return 0;
}

static void fold(uintptr_t start, rt_cell_t cell)
{
	struct rt_granule first, *page;
	size_t run;
	bool folded;
	page = (struct rt_granule *)rt_space_at(&rt_cells, start, &run, true);
	if (page && cell && rt_page_lock(start, page, &first, &folded))
		rt_page_fold(page, cell, 0);
}

void rt_vacant_settle(uintptr_t start)
{
	rt_spin_lock(&all.spin);
	if (rt_page_is_vacant(start)) {
		fold(start, cell_of(start));
		rt_page_occupy(start);
	}
	rt_spin_unlock(&all.spin);
}
