#include "page.h"

#include "access.h"
#include "arena.h"
#include "sys.h"

enum { REGION_LOG = 21 /* 2 MiB of the program's memory */ };

/* A byte for every page of the linear shadow's addresses, set before anything is stored for it, and one for every region
 * that ever had one; NULL: not kept, and whatever the directory has a leaf for counts as touched. */
static uint8_t *pages, *regions;

static uint8_t *new_map(unsigned unit_log)
{
	return rt_reserve_pages((size_t)1 << (RT_WINDOW_LOG - unit_log));
}

void rt_page_init(bool directory_only)
{
	if (directory_only)
		return;
	regions = new_map(REGION_LOG);
	pages = regions ? new_map(RT_PAGE_LOG) : NULL;
}

static uint8_t *byte_of(uint8_t *map, uintptr_t address, unsigned unit_log)
{
	return &map[(address & (((uintptr_t)1 << RT_WINDOW_LOG) - 1)) >> unit_log];
}

static void set(uint8_t *byte)
{
	if (!__atomic_load_n(byte, __ATOMIC_RELAXED))
		__atomic_store_n(byte, 1, __ATOMIC_RELAXED);
}

void rt_page_touch(uintptr_t address)
{
	if (!pages)
		return;
	set(byte_of(regions, address, REGION_LOG));
	set(byte_of(pages, address, RT_PAGE_LOG));
}

bool rt_page_is_touched(uintptr_t address)
{
	size_t run;
	return pages ? __atomic_load_n(byte_of(pages, address, RT_PAGE_LOG), __ATOMIC_RELAXED)
		     : rt_space_at(&rt_cells, address, &run, false) != NULL;
}

uintptr_t rt_page_next_touched(uintptr_t address, uintptr_t end)
{
	while (address < end) {
		uintptr_t unit = RT_PAGE_BYTES;
		if (pages && !__atomic_load_n(byte_of(regions, address, REGION_LOG), __ATOMIC_RELAXED))
			unit = (uintptr_t)1 << REGION_LOG;
		else if (rt_page_is_touched(address))
			return address;
		else if (!pages)
			unit = (uintptr_t)1 << RT_LEAF_LOG;
		address = (address & ~(unit - 1)) + unit;
	}
	return end;
}

void rt_page_untouch(uintptr_t address, size_t bytes)
{
	uintptr_t end = address + bytes;
	for (uintptr_t at = rt_page_next_touched(address, end); pages && at < end;
		at = rt_page_next_touched(at + RT_PAGE_BYTES, end))
		__atomic_store_n(byte_of(pages, at, RT_PAGE_LOG), 0, __ATOMIC_RELAXED);
}

/* Locks a folded page; false when it is folded no more. */
static bool lock_folded(struct rt_granule *page)
{
	unsigned tries = 0;
	for (;;) {
		rt_cell_t tag = __atomic_load_n(&page->cell[1], __ATOMIC_RELAXED);
		if (!rt_cell_is_page(tag))
			return false;
		if (!(tag & RT_CELL_LOCKED) &&
			__atomic_compare_exchange_n(&page->cell[1], &tag, tag | RT_CELL_LOCKED, false,
				__ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			return true;
		rt_spin_pause(&tries);
	}
}

void rt_page_unfold(struct rt_granule *page)
{
	if (RT_LIKELY(!rt_page_is_folded(page)) || !lock_folded(page))
		return;
	rt_cell_t newest = page[0].cell[0], older = page[1].cell[0];
	if (!newest) {
		newest = older;
		older = 0;
	}
	for (unsigned i = 1; i < RT_PAGE_GRANULES; i++) {
		__atomic_store_n(&page[i].cell[0], newest, __ATOMIC_RELAXED);
		__atomic_store_n(&page[i].cell[1], older, __ATOMIC_RELAXED);
	}
	__atomic_store_n(&page[0].cell[0], newest, __ATOMIC_RELAXED);
	__atomic_store_n(&page[0].cell[1], older, __ATOMIC_RELEASE);
}

bool rt_page_lock(struct rt_granule *page, struct rt_granule *first, bool *folded)
{
	for (;;) {
		if (lock_folded(page)) {
			first->cell[0] = page[0].cell[0];
			first->cell[1] = page[1].cell[0];
			*folded = true;
			return true;
		}
		first->cell[0] = __atomic_load_n(&page->cell[0], __ATOMIC_RELAXED);
		first->cell[1] = __atomic_load_n(&page->cell[1], __ATOMIC_RELAXED);
		if (rt_cell_is_page(first->cell[1]))
			continue;
		if (rt_cell_is_tag(first->cell[1]))
			return false;
		struct rt_granule locked = {{first->cell[0], RT_CELL_PAGE | RT_CELL_LOCKED}};
		if (rt_granule_swap(page, first, locked)) {
			*folded = false;
			return true;
		}
	}
}

void rt_page_clear(struct rt_granule *page)
{
	rt_bytes_zero(page + 1, (RT_PAGE_GRANULES - 1) * sizeof(*page));
}

void rt_page_fold(struct rt_granule *page, rt_cell_t newest, rt_cell_t older)
{
	__atomic_store_n(&page[0].cell[0], newest, __ATOMIC_RELAXED);
	__atomic_store_n(&page[1].cell[0], older, __ATOMIC_RELAXED);
	__atomic_store_n(&page[1].cell[1], 0, __ATOMIC_RELAXED);
	__atomic_store_n(&page[0].cell[1], RT_CELL_PAGE, __ATOMIC_RELEASE);
}

void rt_page_unlock(struct rt_granule *page, const struct rt_granule *first, bool folded)
{
	__atomic_store_n(&page[0].cell[1], folded ? RT_CELL_PAGE : first->cell[1], __ATOMIC_RELEASE);
}
