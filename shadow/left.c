/* What a realloc left behind, told after the memory went: a thread that wrote it all in one epoch has freed it. Where it is another's
 * memory already what the thread wrote is forgotten, and nothing is changed. */
#include "access.h"
#include "memory.h"
#include "overflow.h"
#include "owner.h"
#include "shared.h"

/* The cell, as `left` if it is a write of the segment. */
static rt_cell_t as_free(rt_cell_t cell, uint32_t segment, rt_cell_t left)
{
	bool is = rt_cell_segment(cell) == segment &&
		  (cell & (RT_CELL_WRITE | RT_CELL_ATOMIC)) == RT_CELL_WRITE;
	return is ? left | rt_cell_mask(cell) : cell;
}

static void change(struct rt_granule *granule, uint32_t segment, rt_cell_t left)
{
	for (unsigned i = 0; i < RT_GRANULE_CELLS; i++)
		granule->cell[i] = as_free(granule->cell[i], segment, left);
}

static void leave_granule(struct rt_granule *granule, uint32_t segment, rt_cell_t left)
{
	struct rt_overflow *list = rt_overflow_lock(granule);
	if (list) {
		for (uint32_t i = 0; i < list->count; i++)
			list->cells[i] = as_free(list->cells[i], segment, left);
		rt_overflow_unlock(granule, list, granule->cell[0]);
		return;
	}
	struct rt_granule old = rt_granule_load(granule), fresh;
	do {
		if (rt_cell_is_tag(old.cell[1]) || rt_cell_is_page(old.cell[1]))
			return;
		fresh = old;
		change(&fresh, segment, left);
	} while (!rt_granule_swap(granule, &old, fresh));
}

/* The whole of a folded page. False: it is not folded. */
static bool leave_page(uintptr_t start, struct rt_granule *page, uint32_t segment, rt_cell_t left)
{
	struct rt_granule first;
	bool folded;
	if (!rt_page_is_folded(start, page) || !rt_page_lock(start, page, &first, &folded))
		return false;
	if (folded) {
		change(&first, segment, left);
		rt_page_fold(page, first.cell[0], first.cell[1]);
	} else {
		rt_page_unlock(start, page, &first, folded);
	}
	return folded;
}

void rt_cells_left(uintptr_t address, size_t bytes, uint32_t segment, rt_cell_t left)
{
	uintptr_t end = address + bytes, at = address & ~(uintptr_t)(RT_GRANULE_BYTES - 1);
	for (uintptr_t stop; at < end; at = stop) {
		size_t run;
		uintptr_t start = at & ~(uintptr_t)(RT_PAGE_BYTES - 1);
		struct rt_granule *page = (struct rt_granule *)rt_space_at(&rt_cells, start, &run, false);
		stop = start + RT_PAGE_BYTES < end ? start + RT_PAGE_BYTES : end;
		if (!page || rt_page_is_shared(start, page))
			continue;
		rt_page_take(start, page);
		if (stop - at == RT_PAGE_BYTES && leave_page(start, page, segment, left))
			continue;
		rt_page_unfold(start, page);
		for (uintptr_t granule = at; granule < stop; granule += RT_GRANULE_BYTES)
			leave_granule(&page[(granule - start) / RT_GRANULE_BYTES], segment, left);
	}
}
