#include "visit.h"

#include "abroad.h"
#include "overflow.h"
#include "owner.h"
#include "published.h"
#include "shared.h"

static void visit_shared(
	struct rt_thread *self, struct rt_granule *granule, uint8_t mask, rt_visitor visit, void *argument)
{
	rt_cell_t cells[RT_OVERFLOW_SHORT];
	uint32_t count = rt_shared_cells(granule, cells, RT_COUNT(cells));
	for (uint32_t i = 0; i < count; i++) {
		rt_abroad_learn_block(rt_cell_segment(cells[i]) >> RT_EPOCH_BITS);
		if (cells[i] < RT_CELL_PAGE && cells[i] & mask && !rt_cell_ordered(self, cells[i]))
			visit(argument, cells[i], rt_published_read(rt_cell_context(cells[i])).kind);
	}
}

static bool is_own(const struct rt_thread *self, rt_cell_t cell)
{
	return rt_segment_slot(rt_cell_segment(cell)) == self->slot && rt_cell_ordered(self, cell);
}

static bool is_unordered(const struct rt_thread *self, rt_cell_t cell)
{
	return !rt_cell_ordered(self, cell);
}

static bool is_freed(const struct rt_thread *self, rt_cell_t cell)
{
	(void)self;
	return rt_context_is_free(rt_cell_context(cell));
}

typedef bool (*which)(const struct rt_thread *self, rt_cell_t cell);

/* Those of the bytes of `mask` that are wanted; how many. */
static uint32_t take(struct rt_thread *self, struct rt_granule *granule, uint8_t mask, which is_wanted,
	rt_cell_t cells[RT_OVERFLOW_SHORT])
{
	uint32_t count = 0;
	struct rt_overflow *list = rt_overflow_lock(granule);
	struct rt_granule now = list ? (struct rt_granule){{0, 0}} : rt_granule_load(granule);
	const rt_cell_t *from = list ? list->cells : now.cell;
	for (uint32_t i = 0; i < (list ? list->count : RT_GRANULE_CELLS); i++)
		if (from[i] < RT_CELL_PAGE && from[i] & mask && count < RT_OVERFLOW_SHORT &&
			is_wanted(self, from[i]))
			cells[count++] = from[i];
	if (list)
		rt_overflow_unlock(granule, list, granule->cell[0]);
	return count;
}

static void visit_parts(rt_cell_t cell, uint8_t mask, rt_visitor visit, void *argument)
{
	rt_cell_t parts[RT_PATTERN_PARTS];
	unsigned count = rt_pattern_parts(cell, parts);
	for (unsigned i = 0; i < count; i++)
		if (parts[i] & mask)
			visit(argument, parts[i], rt_context_kind(rt_cell_context(parts[i])));
}

static void visit_cells(struct rt_thread *self, uintptr_t address, size_t bytes, which is_wanted,
	rt_visitor visit, void *argument)
{
	uintptr_t start = address & ~(uintptr_t)(RT_GRANULE_BYTES - 1);
	uint8_t mask = rt_granule_mask(start, address, address + bytes);
	rt_cell_t cells[RT_OVERFLOW_SHORT];
	size_t run;
	struct rt_granule *granule = (struct rt_granule *)rt_space_at(&rt_cells, start, &run, false);
	if (!granule)
		return;
	if (rt_page_is_shared(start, granule)) {
		granule = is_wanted == is_unordered ? rt_shared_granule_at(start) : NULL;
		if (granule)
			visit_shared(self, granule, mask, visit, argument);
		return;
	}
	rt_page_take(start, granule);
	uint32_t count = take(self, granule, mask, is_wanted, cells);
	for (uint32_t i = 0; i < count; i++)
		visit_parts(cells[i], mask, visit, argument);
}

void rt_visit_unordered(
	struct rt_thread *self, uintptr_t address, size_t bytes, rt_visitor visit, void *argument)
{
	visit_cells(self, address, bytes, is_unordered, visit, argument);
}

void rt_visit_ordered(
	struct rt_thread *self, uintptr_t address, size_t bytes, rt_visitor visit, void *argument)
{
	visit_cells(self, address, bytes, rt_cell_ordered, visit, argument);
}

void rt_visit_own(struct rt_thread *self, uintptr_t address, size_t bytes, rt_visitor visit, void *argument)
{
	visit_cells(self, address, bytes, is_own, visit, argument);
}

void rt_visit_freed(struct rt_thread *self, uintptr_t address, size_t bytes, rt_visitor visit, void *argument)
{
	visit_cells(self, address, bytes, is_freed, visit, argument);
}
