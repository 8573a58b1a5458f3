#include "once.h"

#include "maybe.h"
#include "page.h"
#include "thread.h"
#include "visit.h"

/* The one set of locks, and some that were taken after those. */
static bool holds_more(uint32_t lockset, uint32_t before)
{
	while (lockset > before)
		lockset = rt_locksets.nodes[lockset].parent;
	return lockset == before;
}

/* A plain read, without all of the locks that are held now. */
static bool is_first_look(const struct rt_thread *self, rt_cell_t cell)
{
	uint32_t lockset = rt_context_lockset(rt_cell_context(cell));
	return !(cell & RT_CELL_WRITE) && rt_maybe_move(rt_context_kind(rt_cell_context(cell))) &&
	       lockset != self->lockset && holds_more(self->lockset, lockset);
}

static bool has_first_look(const struct rt_thread *self, rt_cell_t cell, uint8_t mask)
{
	rt_cell_t parts[RT_PATTERN_PARTS];
	bool is_own = !(cell & RT_CELL_WRITE) && rt_segment_slot(rt_cell_segment(cell)) == self->slot;
	unsigned count = is_own ? rt_pattern_parts(cell, parts) : 0;
	for (unsigned i = 0; i < count; i++)
		if (parts[i] & mask && is_first_look(self, parts[i]))
			return true;
	return false;
}

bool rt_once_may_be(const struct rt_thread *self, uintptr_t address, size_t bytes)
{
	uintptr_t start = address & ~(uintptr_t)(RT_GRANULE_BYTES - 1);
	uint8_t mask = rt_granule_mask(start, address, address + bytes);
	const struct rt_granule *granule = rt_granule_in_use(address);
	if (!granule)
		return false;
	struct rt_granule now = rt_granule_look(granule);
	for (unsigned i = 0; i < RT_GRANULE_CELLS; i++)
		if (rt_cell_is_tag(now.cell[i]))
			return true;
		else if (now.cell[i] && now.cell[i] < RT_CELL_PAGE && has_first_look(self, now.cell[i], mask))
			return true;
	return false;
}

struct looks {
	const struct rt_thread *self;
	unsigned first, others;
};

static void count(void *argument, rt_cell_t cell, enum rt_access_kind kind)
{
	struct looks *looks = argument;
	(void)kind;
	if (cell & RT_CELL_WRITE)
		return;
	if (is_first_look(looks->self, cell))
		looks->first++;
	else
		looks->others++;
}

bool rt_once_is(struct rt_thread *self, uintptr_t address, size_t bytes)
{
	struct looks looks = {self, 0, 0};
	if (!self->lockset)
		return false;
	rt_visit_own(self, address, bytes, count, &looks);
	return looks.first && !looks.others;
}
