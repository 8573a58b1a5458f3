#include "page.h"

#include "arena.h"
#include "single.h"
#include "sys.h"

enum { REGION_LOG = 21 /* 2 MiB of the program's memory */ };

uint16_t *rt_page_words;
/* A byte for every region of the linear shadow's addresses that ever had a touched page. */
static uint8_t *regions;

void rt_page_init(bool directory_only)
{
	if (directory_only)
		return;
	size_t bytes = (size_t)1 << (RT_WINDOW_LOG - REGION_LOG);
	regions = rt_reserve_hot(bytes, bytes, &bytes);
	rt_page_words = regions ? rt_reserve_pages(sizeof(uint16_t) << (RT_WINDOW_LOG - RT_PAGE_LOG)) : NULL;
}

static uint8_t *region_of(uintptr_t address)
{
	return &regions[(address & (((uintptr_t)1 << RT_WINDOW_LOG) - 1)) >> REGION_LOG];
}

/* Not more often than need be: others have their pages there, too. */
static void note_region(uintptr_t address)
{
	uint8_t *region = region_of(address);
	if (!__atomic_load_n(region, __ATOMIC_RELAXED))
		__atomic_store_n(region, 1, __ATOMIC_RELAXED);
}

void rt_page_touch(uintptr_t address)
{
	if (!rt_page_words || (__atomic_load_n(rt_page_state(address), __ATOMIC_RELAXED) & RT_PAGE_TOUCHED))
		return;
	note_region(address);
	__atomic_fetch_or(rt_page_state(address), RT_PAGE_TOUCHED, __ATOMIC_RELAXED);
}

static bool change_word(uintptr_t address, uint16_t from, uint16_t to)
{
	uint16_t *word = rt_page_word(address);
	return __atomic_load_n(word, __ATOMIC_RELAXED) == from &&
	       __atomic_compare_exchange_n(word, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

void rt_page_vacate(uintptr_t address)
{
	note_region(address);
	change_word(address, 0, RT_PAGE_VACANT);
}

bool rt_page_leave_vacant(uintptr_t address)
{
	return change_word(address, RT_PAGE_VACANT, 0);
}

void rt_page_occupy(uintptr_t address)
{
	__atomic_fetch_or(rt_page_state(address), RT_PAGE_TOUCHED, __ATOMIC_RELAXED);
	__atomic_fetch_and(rt_page_state(address), (uint8_t)~RT_PAGE_VACANT, __ATOMIC_RELEASE);
}

bool rt_page_is_touched(uintptr_t address)
{
	size_t run;
	return rt_page_words ? __atomic_load_n(rt_page_state(address), __ATOMIC_RELAXED) &
				       (RT_PAGE_TOUCHED | RT_PAGE_SHARED | RT_PAGE_VACANT)
			     : rt_space_at(&rt_cells, address, &run, false) != NULL;
}

/* A full barrier where it sets it: what the granules hold is looked at afterwards. */
static void say_folded(uintptr_t address, const struct rt_granule *page, bool is)
{
	if (!rt_page_has_state(page))
		return;
	if (is)
		__atomic_fetch_or(rt_page_state(address), RT_PAGE_FOLDED, __ATOMIC_SEQ_CST);
	else
		__atomic_fetch_and(rt_page_state(address), (uint8_t)~RT_PAGE_FOLDED, __ATOMIC_SEQ_CST);
}

uintptr_t rt_page_next_touched(uintptr_t address, uintptr_t end)
{
	size_t run;
	while (address < end && !rt_page_words) {
		if (rt_space_at(&rt_cells, address, &run, false))
			return address;
		address += run < end - address ? run : end - address;
	}
	while (address < end) {
		uintptr_t unit = RT_PAGE_BYTES;
		if (!__atomic_load_n(region_of(address), __ATOMIC_RELAXED))
			unit = (uintptr_t)1 << REGION_LOG;
		else if (rt_page_is_touched(address))
			return address;
		address = (address & ~(unit - 1)) + unit;
	}
	return end;
}

void rt_page_share(uintptr_t address, size_t bytes)
{
	rt_single_share(address, bytes);
	for (uintptr_t at = address; at < address + bytes; at += RT_PAGE_BYTES) {
		__atomic_store_n(region_of(at), 1, __ATOMIC_RELAXED);
		__atomic_fetch_or(rt_page_state(at), RT_PAGE_SHARED, __ATOMIC_RELAXED);
	}
}

void rt_page_show(uintptr_t address, size_t bytes)
{
	for (uintptr_t at = address; at < address + bytes; at += RT_PAGE_BYTES)
		__atomic_fetch_or(rt_page_state(at), RT_PAGE_SHOWN, __ATOMIC_RELAXED);
}

/* What is true of an empty page. */
static uint8_t empty(void)
{
	return rt_cells.mixed ? RT_PAGE_TOUCHED : 0;
}

void rt_page_unshare(uintptr_t address, size_t bytes, bool zeroed)
{
	uint8_t own = zeroed ? 0 : RT_PAGE_TOUCHED | RT_PAGE_FOLDED;
	for (uintptr_t at = address; at < address + bytes; at += RT_PAGE_BYTES)
		__atomic_store_n(rt_page_state(at), (*rt_page_state(at) & own) | empty(), __ATOMIC_RELAXED);
}

/* Its byte is that of another window's page: a reservation of terabytes may lie over the place of a stack. */
static bool is_elsewhere(uintptr_t address)
{
	size_t run;
	return rt_cells.mixed &&
	       !rt_page_has_state((const struct rt_granule *)rt_space_at(&rt_cells, address, &run, false));
}

void rt_page_untouch(uintptr_t address, size_t bytes)
{
	uintptr_t end = address + bytes;
	for (uintptr_t at = rt_page_next_touched(address, end); rt_page_words && at < end;
		at = rt_page_next_touched(at + RT_PAGE_BYTES, end))
		if (!is_elsewhere(at))
			__atomic_store_n(rt_page_word(at), empty(), __ATOMIC_RELAXED);
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

void rt_page_unfold(uintptr_t address, struct rt_granule *page)
{
	if (RT_LIKELY(!rt_page_is_folded(address, page)) || !lock_folded(page))
		return;
	rt_cell_t newest = page[0].cell[0], older = page[1].cell[0];
	if (!newest) {
		newest = older;
		older = 0;
	}
	for (unsigned i = 1; newest && i < RT_PAGE_GRANULES; i++) { /* else they are empty already */
		__atomic_store_n(&page[i].cell[0], newest, __ATOMIC_RELAXED);
		__atomic_store_n(&page[i].cell[1], older, __ATOMIC_RELAXED);
	}
	say_folded(address, page, false);
	__atomic_store_n(&page[0].cell[0], newest, __ATOMIC_RELAXED);
	__atomic_store_n(&page[0].cell[1], older, __ATOMIC_RELEASE);
}

bool rt_page_lock(uintptr_t address, struct rt_granule *page, struct rt_granule *first, bool *folded)
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
			say_folded(address, page, true);
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

void rt_page_unlock(uintptr_t address, struct rt_granule *page, const struct rt_granule *first, bool folded)
{
	if (!folded)
		say_folded(address, page, false);
	__atomic_store_n(&page[0].cell[1], folded ? RT_CELL_PAGE : first->cell[1], __ATOMIC_RELEASE);
}
