/* Forgetting what happened in a range: it means other memory from now on. The caller is the only one to use it, but for
 * rt_word_forget. */
#include "access.h"
#include "benign.h"
#include "overflow.h"
#include "owner.h"
#include "shared.h"
#include "sys.h"
#include "vacant.h"

enum { GIVE_BACK_BYTES = 4 << 20 /* ranges of this size give their shadow's pages back */ };

/* Takes bytes out of every cell of a granule that is not folded. */
static void forget_bytes(struct rt_granule *granule, uint8_t mask)
{
	struct rt_overflow *list = rt_overflow_lock(granule);
	if (list) {
		uint32_t kept = 0;
		for (uint32_t i = 0; i < list->count; i++)
			if (rt_cell_mask(list->cells[i] &= ~(rt_cell_t)mask))
				list->cells[kept++] = list->cells[i];
		list->count = kept;
		rt_overflow_unlock(granule, list, rt_filter_without(granule->cell[0], mask));
		return;
	}
	struct rt_granule old = *granule, fresh;
	do {
		if (rt_cell_is_tag(old.cell[1])) {
			forget_bytes(granule, mask);
			return;
		}
		for (unsigned i = 0; i < RT_GRANULE_CELLS; i++) {
			fresh.cell[i] = old.cell[i] & ~(rt_cell_t)mask;
			if (!rt_cell_mask(fresh.cell[i]))
				fresh.cell[i] = 0;
		}
	} while (!rt_granule_swap(granule, &old, fresh));
}

/* A part [from, to) of one page, offsets in bytes. */
static void forget_part(uintptr_t start, struct rt_granule *page, size_t from, size_t to)
{
	bool shared = rt_page_is_shared(start, page);
	if (shared)
		page = rt_shared_granule_at(start);
	else
		rt_page_open(start, page);
	if (!page)
		return;
	for (size_t at = from & ~(size_t)(RT_GRANULE_BYTES - 1); at < to; at += RT_GRANULE_BYTES) {
		struct rt_granule *granule = &page[at / RT_GRANULE_BYTES];
		uint8_t mask = rt_granule_mask(at, from, to);
		if (shared) {
			rt_shared_forget(granule, mask);
		} else if (mask != 0xff) {
			if (granule->cell[0] || granule->cell[1])
				forget_bytes(granule, mask);
		} else if (RT_UNLIKELY(rt_cell_is_tag(granule->cell[1]))) {
			rt_overflow_drop(granule);
		} else {
			__atomic_store_n(&granule->cell[0], 0, __ATOMIC_RELAXED);
			__atomic_store_n(&granule->cell[1], 0, __ATOMIC_RELAXED);
		}
	}
}

static struct rt_granule *page_at(uintptr_t start)
{
	size_t run;
	return (struct rt_granule *)rt_space_at(&rt_cells, start, &run, false);
}

bool rt_word_forget(uintptr_t address, size_t bytes)
{
	uintptr_t start = address & ~(uintptr_t)(RT_PAGE_BYTES - 1), at = address - start;
	struct rt_granule *page = page_at(start);
	if (!page || rt_page_is_shared(start, page) || rt_page_is_folded(start, page))
		return false;
	rt_page_take(start, page);
	forget_bytes(&page[at / RT_GRANULE_BYTES],
		rt_granule_mask(at & ~(uintptr_t)(RT_GRANULE_BYTES - 1), at, at + bytes));
	return true;
}

static void drop_lists(struct rt_granule *page)
{
	for (unsigned i = 0; i < RT_PAGE_GRANULES; i++)
		if (rt_cell_is_tag(page[i].cell[1]))
			rt_overflow_drop(&page[i]);
}

/* All of a page: folded over nothing. */
static void forget_page(uintptr_t at, struct rt_granule *page)
{
	struct rt_granule first;
	bool folded;
	rt_page_take(at, page);
	if (rt_overflow_used() && !rt_page_is_folded(at, page))
		drop_lists(page);
	if (rt_page_lock(at, page, &first, &folded)) {
		if (!folded)
			rt_page_clear(page);
		rt_page_fold(page, 0, 0);
	}
}

static void give_back(uintptr_t from, uintptr_t to)
{
	for (uintptr_t at = from; rt_overflow_used() && (at = rt_page_next_touched(at, to)) < to;
		at += RT_PAGE_BYTES) {
		struct rt_granule *page = page_at(at);
		if (page && !rt_page_is_vacant(at) && !rt_page_is_folded(at, page)) {
			rt_page_take(at, page);
			drop_lists(page);
		}
	}
	rt_space_clear(&rt_cells, from, to - from);
	rt_page_untouch(from, to - from);
}

void rt_cells_forget(uintptr_t address, size_t bytes)
{
	const uintptr_t inside = RT_PAGE_BYTES - 1;
	uintptr_t end = address + bytes, from = (address + inside) & ~inside, to = end & ~inside;
	if (end < address || end >> RT_USER_LOG)
		return;
	rt_benign_forget(address, bytes);
	struct rt_shared_range shared; /* its cells are the session's */
	if (to > from && to - from >= GIVE_BACK_BYTES &&
		!(rt_shared_count && rt_shared_next(from, to, &shared)))
		give_back(from, to);
	for (uintptr_t at = address; (at = rt_page_next_touched(at, end)) < end;) {
		uintptr_t start = at & ~inside,
			  stop = start + RT_PAGE_BYTES < end ? start + RT_PAGE_BYTES : end;
		struct rt_granule *page = page_at(start);
		bool whole = page && stop - at == RT_PAGE_BYTES && !rt_page_is_shared(start, page);
		if (whole && !rt_vacant_forget(start, page))
			forget_page(start, page);
		else if (page && !whole)
			forget_part(start, page, at - start, stop - start);
		at = stop;
	}
}
