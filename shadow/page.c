#include "page.h"

#include "arena.h"
#include "sys.h"

/* A byte for every page of the linear shadow's addresses, set before anything is stored for it; NULL: not kept, and every
 * page counts as touched. */
static uint8_t *touched;

void rt_page_init(bool directory_only)
{
	size_t bytes = (size_t)1 << (RT_WINDOW_LOG - 12);
	touched = directory_only ? NULL : rt_sys_pages(bytes);
	if (!touched)
		return;
	rt_sys_madvise(touched, bytes, RT_MADV_DONTDUMP);
	rt_sys_madvise(touched, bytes, RT_MADV_NOHUGEPAGE);
	rt_reserved_add(bytes);
}

static uint8_t *touch_of(uintptr_t address)
{
	return &touched[(address & (((uintptr_t)1 << RT_WINDOW_LOG) - 1)) >> 12];
}

void rt_page_touch(uintptr_t address)
{
	uint8_t *touch = touched ? touch_of(address) : NULL;
	if (touch && !__atomic_load_n(touch, __ATOMIC_RELAXED))
		__atomic_store_n(touch, 1, __ATOMIC_RELAXED);
}

bool rt_page_is_touched(uintptr_t address)
{
	return !touched || __atomic_load_n(touch_of(address), __ATOMIC_RELAXED);
}

void rt_page_untouch(uintptr_t address, size_t bytes)
{
	for (uintptr_t at = address; touched && at < address + bytes; at += RT_PAGE_BYTES)
		if (*touch_of(at))
			__atomic_store_n(touch_of(at), 0, __ATOMIC_RELAXED);
}

/* Locks a folded page; false when it is folded no more. */
static bool lock_folded(struct rt_granule *page)
{
	for (;;) {
		rt_cell_t tag = __atomic_load_n(&page->cell[1], __ATOMIC_RELAXED);
		if (!rt_cell_is_page(tag))
			return false;
		if (!(tag & RT_CELL_LOCKED) &&
			__atomic_compare_exchange_n(&page->cell[1], &tag, tag | RT_CELL_LOCKED, false,
				__ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
			return true;
		__builtin_ia32_pause();
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
