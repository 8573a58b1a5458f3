#include "unite.h"

/* Of the block that the thread's present epoch is of. */
static rt_epoch_t epoch_of(const struct rt_thread *self, rt_cell_t cell)
{
	rt_epoch_t present = rt_clock_get(&self->clock, self->slot) - self->behind;
	return present - (self->segment - rt_cell_segment(cell));
}

static bool is_told_apart(const struct rt_thread *self, rt_cell_t earlier, rt_cell_t later)
{
	return rt_cell_segment(earlier) != rt_cell_segment(later) &&
	       rt_boundary_between(&self->boundaries, epoch_of(self, earlier), epoch_of(self, later));
}

static bool is_free(rt_cell_t cell)
{
	return rt_context_is_free(rt_cell_context(cell));
}

rt_cell_t rt_cells_unite(const struct rt_thread *self, rt_cell_t a, rt_cell_t b)
{
	rt_cell_t earlier = a < b ? a : b, later = a < b ? b : a;
	if (!rt_cell_is_own(self, a) || !rt_cell_is_own(self, b) || is_free(a) || is_free(b) ||
		is_told_apart(self, earlier, later))
		return 0;
	earlier = rt_cell_as_of(earlier, later);
	if (rt_cell_is_stronger(later, earlier))
		earlier &= ~(later & 0xff);
	else if (rt_cell_is_stronger(earlier, later))
		later &= ~(earlier & 0xff);
	if (!rt_cell_mask(earlier) || !rt_cell_mask(later))
		return rt_cell_mask(later) ? later : earlier;
	return rt_cells_alike(earlier, later) ? rt_pattern_join_all(earlier, later) : 0;
}

uint32_t rt_cells_unite_all(const struct rt_thread *self, rt_cell_t *cells, uint32_t count)
{
	uint32_t left = 0;
	for (uint32_t i = 0; i < count; i++) {
		rt_cell_t one = 0;
		for (uint32_t j = left; j-- > 0 && !one && rt_cell_is_own(self, cells[i]);)
			if ((one = rt_cells_unite(self, cells[j], cells[i])))
				cells[j] = one;
		if (!one)
			cells[left++] = cells[i];
	}
	return left;
}
