#include "infer.h"

#include "access.h"
#include "atomic.h"
#include "overflow.h"
#include "page.h"
#include "thread_table.h"

uint8_t rt_infer_marks[RT_INFER_MARKS / 8];

static const char kind[] = "atomic";

static bool nothing(void *unused)
{
	(void)unused;
	return true;
}

/* ---- which addresses ---- */

static bool is_object(uintptr_t address)
{
	struct rt_sync_hold hold = rt_sync_hold(address);
	bool found = hold.sync;
	rt_guard_unlock(hold.guard);
	return found;
}

/* The mark of a variable of so many bytes: another one than that of its granule. */
static unsigned size_mark(uintptr_t address, size_t bytes)
{
	return rt_infer_mark(~address * 8 + bytes * 8);
}

/* The sync variable that holds the bytes: at the address, or a larger one of which they are a part. 0: none. */
static uintptr_t variable_at(uintptr_t address, size_t bytes)
{
	if (!rt_infer_is_marked(address))
		return 0;
	if (is_object(address))
		return address;
	for (size_t larger = 2 * bytes; larger <= RT_GRANULE_BYTES; larger *= 2) {
		uintptr_t start = address & ~(uintptr_t)(larger - 1);
		if (start != address && rt_infer_has(size_mark(start, larger)) && is_object(start))
			return start;
	}
	return 0;
}

static void set_mark(unsigned mark)
{
	__atomic_fetch_or(&rt_infer_marks[mark / 8], (uint8_t)(1u << mark % 8), __ATOMIC_RELAXED);
}

/* ---- becoming one ---- */

/* What the thread of an earlier plain store knew, and knows: the store may have published it. */
static void take_writer(struct rt_thread *self, struct rt_sync *sync, rt_cell_t cell)
{
	if (!cell || rt_cell_is_poison(cell) || !(cell & RT_CELL_WRITE) || rt_cell_ordered(self, cell))
		return;
	rt_slot_t slot = rt_segment_slot(rt_cell_segment(cell));
	for (struct rt_thread *thread = rt_threads.live; thread; thread = rt_link_of(thread)->next_live) {
		if (thread == self || thread->slot != slot)
			continue;
		rt_clock_join(&sync->exclusive.clock, &thread->clock);
		sync->exclusive.from = 0;
		thread->tick_pending = thread->learnt = true; /* as if it had published just now */
	}
}

static void take_writers(struct rt_thread *self, struct rt_sync *sync, uintptr_t address)
{
	size_t run;
	char *place = rt_space_at(&rt_cells, address & ~(uintptr_t)(RT_GRANULE_BYTES - 1), &run, false);
	struct rt_granule *granule = (struct rt_granule *)place;
	if (!granule)
		return;
	struct rt_overflow *list = rt_overflow_lock(granule);
	for (uint32_t i = 0; list && i < list->count; i++)
		take_writer(self, sync, list->cells[i]);
	if (list) {
		rt_overflow_unlock(granule, list, granule->cell[0]);
		return;
	}
	struct rt_granule now = rt_granule_load(granule);
	for (unsigned i = 0; i < RT_GRANULE_CELLS; i++)
		if (now.cell[i] < RT_CELL_PAGE)
			take_writer(self, sync, now.cell[i]);
}

static void become(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes)
{
	rt_threads_stop(self);
	struct rt_sync *sync = rt_sync_lock(self, site, address, kind);
	if (sync) {
		take_writers(self, sync, address);
		rt_sync_unlock(sync);
	}
	/* A thread that finds its plain access there would not come to tell that it publishes. */
	rt_cells_forget(address, bytes);
	set_mark(rt_infer_mark(address));
	set_mark(size_mark(address, bytes));
	rt_threads_resume();
}

void rt_infer_changed(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes)
{
	if (!variable_at(address, bytes))
		become(self, site, address, bytes);
}

/* ---- accesses ---- */

void rt_infer_settle(void *argument)
{
	struct rt_thread *self = argument;
	struct rt_sync_hold hold = rt_sync_hold(self->late);
	if (hold.sync)
		rt_message_take(self, &hold.sync->exclusive);
	rt_guard_unlock(hold.guard);
	self->late = 0;
}

bool rt_infer_access(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, bool reads,
	bool writes, bool waits)
{
	if (bytes > RT_GRANULE_BYTES || address % bytes || self->ignore_sync)
		return false;
	uintptr_t variable = variable_at(address, bytes);
	if (!variable && waits) {
		become(self, site, address, bytes);
		variable = address;
	}
	if (!variable)
		return false;
	enum rt_atomic_kind change = writes ? RT_ATOMIC_CHANGE : RT_ATOMIC_LOAD;
	enum rt_order order = !writes ? RT_ORDER_ACQUIRE : reads ? RT_ORDER_ACQ_REL : RT_ORDER_RELEASE;
	rt_atomic(self, site, (const void *)address, bytes, change, order, order, nothing, NULL);
	if (reads) {
		self->late = variable;
		rt_hot_set_epoch(0);
	}
	return true;
}
