#include "infer.h"

#include "access.h"
#include "atomic.h"
#include "abroad.h"
#include "declared.h"
#include "local.h"
#include "maybe.h"
#include "overflow.h"
#include "page.h"
#include "published.h"
#include "quiet.h"
#include "shared.h"
#include "thread_table.h"

uint8_t rt_infer_marks[RT_INFER_MARKS / 8] RT_SPARSE;
struct rt_infer_range rt_infer_range;

static const char kind[] = "atomic";

/* What cmpxchg16b changes. */
enum { VARIABLE_MOST = 2 * RT_GRANULE_BYTES };

static bool nothing(void *unused)
{
	(void)unused;
	return true;
}

/* ---- which addresses ---- */

static bool is_object(uintptr_t address)
{
	uint64_t key = rt_sync_key(address);
	if (rt_key_is_abroad(key))
		return rt_abroad_is_variable(key);
	struct rt_sync_hold hold = rt_sync_hold(key);
	bool found = hold.sync;
	rt_guard_unlock(hold.guard);
	return found;
}

/* The same, and it has so many bytes. */
static bool is_object_of(uintptr_t address, size_t bytes)
{
	uint64_t key = rt_sync_key(address);
	if (rt_key_is_abroad(key))
		return rt_abroad_is_variable(key);
	struct rt_sync_hold hold = rt_sync_hold(key);
	bool found = hold.sync && hold.sync->bytes >= bytes;
	rt_guard_unlock(hold.guard);
	return found;
}

/* The mark of a variable of so many bytes: another one than that of its granule. It stays
 * when the variable is gone. */
static unsigned size_mark(uintptr_t address, size_t bytes)
{
	return rt_infer_mark(~address * 8 + bytes * 8);
}

/* The sync variable that holds the bytes: at the address, or a larger one of which they are a part. 0: none. Of 16 bytes only
 * one that has as many: two of 8 may lie side by side. */
static uintptr_t variable_at(uintptr_t address, size_t bytes)
{
	bool abroad = RT_UNLIKELY(rt_shared_count != 0) && rt_key_is_abroad(rt_sync_key(address));
	if (!rt_infer_is_marked(address) && !abroad)
		return 0;
	if (bytes <= RT_GRANULE_BYTES ? is_object(address) : rt_infer_has(size_mark(address, bytes)))
		return address;
	for (size_t larger = 2 * bytes; larger <= VARIABLE_MOST; larger *= 2) {
		uintptr_t start = address & ~(uintptr_t)(larger - 1);
		if (start != address && rt_infer_has(size_mark(start, larger)) && is_object_of(start, larger))
			return start;
	}
	return rt_declared_find(address, bytes);
}

bool rt_infer_is_variable(uintptr_t address, size_t bytes)
{
	return variable_at(address, bytes) != 0;
}

void rt_infer_mark_range(uintptr_t low, uintptr_t high)
{
	const struct rt_infer_range old = rt_infer_range;
	if (old.bytes && old.low < low)
		low = old.low;
	if (old.bytes && old.low + old.bytes > high)
		high = old.low + old.bytes;
	rt_infer_range = (struct rt_infer_range){low, high - low};
}

/* ---- becoming one ---- */

typedef void (*visitor)(void *argument, rt_cell_t cell, enum rt_access_kind kind);

/* visit_unordered, in shared memory. */
static void visit_shared(
	struct rt_thread *self, struct rt_granule *granule, uint8_t mask, visitor visit, void *argument)
{
	rt_cell_t cells[RT_OVERFLOW_SHORT];
	uint32_t count = rt_shared_cells(granule, cells, RT_COUNT(cells));
	for (uint32_t i = 0; i < count; i++) {
		rt_abroad_learn_block(rt_cell_segment(cells[i]) >> RT_EPOCH_BITS);
		if (cells[i] < RT_CELL_PAGE && cells[i] & mask && !rt_cell_ordered(self, cells[i]))
			visit(argument, cells[i], rt_published_read(rt_cell_context(cells[i])).kind);
	}
}

/* Calls `visit` for every access of others to the bytes that is not ordered before the thread's next. */
static void visit_unordered(
	struct rt_thread *self, uintptr_t address, size_t bytes, visitor visit, void *argument)
{
	uintptr_t start = address & ~(uintptr_t)(RT_GRANULE_BYTES - 1);
	uint8_t mask = rt_granule_mask(start, address, address + bytes);
	rt_cell_t cells[RT_OVERFLOW_SHORT];
	uint32_t count = 0;
	size_t run;
	struct rt_granule *granule = (struct rt_granule *)rt_space_at(&rt_cells, start, &run, false);
	if (!granule)
		return;
	if (rt_page_is_shared(start, granule)) {
		granule = rt_shared_granule_at(start);
		if (granule)
			visit_shared(self, granule, mask, visit, argument);
		return;
	}
	struct rt_overflow *list = rt_overflow_lock(granule);
	struct rt_granule now = list ? (struct rt_granule){{0, 0}} : rt_granule_load(granule);
	const rt_cell_t *from = list ? list->cells : now.cell;
	for (uint32_t i = 0; i < (list ? list->count : RT_GRANULE_CELLS); i++)
		if (from[i] < RT_CELL_PAGE && from[i] & mask && !rt_cell_ordered(self, from[i]) &&
			count < RT_COUNT(cells))
			cells[count++] = from[i];
	if (list)
		rt_overflow_unlock(granule, list, granule->cell[0]);
	for (uint32_t i = 0; i < count; i++) {
		rt_cell_t parts[RT_PATTERN_PARTS];
		unsigned part_count = rt_pattern_parts(cells[i], parts);
		for (unsigned part = 0; part < part_count; part++)
			if (parts[part] & mask)
				visit(argument, parts[part], rt_context_kind(rt_cell_context(parts[part])));
	}
}

/* Unordered plain accesses of others. */
struct meeting {
	unsigned sets, tests, others;
};

static void count_meeting(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	struct meeting *meeting = argument;
	(void)cell;
	meeting->sets += how == RT_SET_WRITE;
	meeting->tests += how == RT_TESTED_READ;
	meeting->others += how != RT_SET_WRITE && how != RT_TESTED_READ;
}

/* A flag and who sets it, and neither has waited for the other. */
static bool meets(struct rt_thread *self, uintptr_t address, size_t bytes, struct rt_plain plain)
{
	struct meeting meeting = {0, 0, 0};
	if (!plain.flag)
		return false;
	visit_unordered(self, address, bytes, count_meeting, &meeting);
	return !meeting.others && (plain.writes ? meeting.tests && !meeting.sets : meeting.sets);
}

struct conflict {
	bool in_locks, writes, found;
};

static void find_conflict(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	struct conflict *conflict = argument;
	(void)how;
	if ((conflict->writes || cell & RT_CELL_WRITE) &&
		(conflict->in_locks || rt_quiet_is(rt_cell_context(cell))))
		conflict->found = true;
}

/* Code that makes locks is taken to be right: what its loads and stores hand over is atomic, also in what of it was compiled into
 * the program. */
static bool meets_in_locks(
	struct rt_thread *self, const struct rt_site *site, uintptr_t address, size_t bytes, bool writes)
{
	struct conflict conflict = {rt_quiet_holds(site->pc), writes, false};
	if (!rt_quiet_any() || (RT_UNLIKELY(rt_shared_count != 0) && rt_key_is_abroad(rt_sync_key(address))))
		return false;
	visit_unordered(self, address, bytes, find_conflict, &conflict);
	return conflict.found;
}

struct taking {
	struct rt_thread *self;
	struct rt_sync *sync;
};

/* What the thread of an earlier plain store knew, and knows: the store may have published it. Of one that is gone, and was
 * joined by others: what it had done by then. */
static void take_writer(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	(void)how;
	const struct taking *taking = argument;
	rt_slot_t slot = rt_segment_slot(rt_cell_segment(cell));
	if (!(cell & RT_CELL_WRITE) || cell & RT_CELL_ATOMIC)
		return;
	rt_epoch_t epoch = rt_segment_epoch(rt_cell_segment(cell));
	if (epoch > rt_clock_get(&taking->sync->exclusive.clock, slot))
		rt_clock_set(&taking->sync->exclusive.clock, slot, epoch);
	taking->sync->exclusive.at = 0;
	for (struct rt_thread *thread = rt_threads.live; thread; thread = rt_link_of(thread)->next_live) {
		if (thread == taking->self || thread->slot != slot)
			continue;
		rt_clock_join(&taking->sync->exclusive.clock, &thread->clock);
		thread->tick_pending = thread->learnt = true; /* as if it had published just now */
	}
}

struct met {
	struct rt_thread *self;
	uintptr_t address;
	bool stores;
};

/* The store may have published something, and nobody takes it for granted. */
static void note_met(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	(void)how;
	const struct met *met = argument;
	rt_maybe_met(met->self, met->stores, cell, met->address);
}

/* What was done to it before: it is assumed to have been a release, or may have been one. */
enum past { PAST_RELEASES, PAST_TESTED, PAST_SET };

static void make_variable(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, enum past past)
{
	uint64_t key = rt_sync_key(address);
	struct rt_sync *sync = rt_sync_lock(self, site, key, kind);
	struct taking taking = {self, sync};
	struct met met = {self, address, past == PAST_SET};
	if (past != PAST_RELEASES)
		visit_unordered(self, address, bytes, note_met, &met);
	else if (sync)
		visit_unordered(self, address, bytes, take_writer, &taking);
	if (sync) {
		sync->bytes = (uint16_t)bytes;
		rt_sync_unlock(sync);
	}
	if (rt_key_is_abroad(key))
		rt_abroad_set_variable(key);
	/* A thread that finds its plain access there would not come to tell that it publishes. */
	rt_cells_forget(address, bytes);
	for (size_t at = 0; at < bytes; at += RT_GRANULE_BYTES)
		rt_infer_set_mark(rt_infer_mark(address + at));
	rt_infer_set_mark(size_mark(address, bytes));
}

static void become(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, enum past past)
{
	rt_threads_stop(self);
	if (!variable_at(address, bytes)) /* another thread may have come first */
		make_variable(self, site, address, bytes, past);
	rt_threads_resume();
	rt_local_keep(self, site, address);
}

void rt_infer_changed(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes)
{
	uintptr_t variable = variable_at(address, bytes);
	if (!variable)
		become(self, site, address, bytes, PAST_RELEASES);
	else
		rt_local_keep(self, site, variable);
}

void rt_infer_named(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, const char *kind_of_object)
{
	uint64_t key = rt_sync_key(address);
	if (rt_infer_is_marked(address) && is_object(address))
		return;
	rt_threads_stop(self);
	/* Both at once: what is marked and no object yet would be taken for a plain variable. */
	struct rt_sync *sync = rt_sync_lock(self, site, key, kind_of_object);
	if (sync)
		rt_sync_unlock(sync);
	if (rt_key_is_abroad(key))
		rt_abroad_set_variable(key);
	rt_cells_forget(address, RT_GRANULE_BYTES - address % RT_GRANULE_BYTES);
	rt_infer_set_mark(rt_infer_mark(address));
	rt_threads_resume();
}

/* ---- accesses ---- */

void rt_infer_settle(void *argument)
{
	struct rt_thread *self = argument;
	uint64_t key = rt_sync_key(self->late);
	struct rt_sync_hold hold = rt_sync_hold(key);
	if (hold.sync)
		rt_message_take(self, &hold.sync->exclusive);
	rt_guard_unlock(hold.guard);
	rt_abroad_acquire(self, key, RT_LOCK_SHARED);
	self->late = 0;
}

/* A load of a variable together with what lies before it, which is none: each of them by itself. So std::shared_ptr looks at both
 * of its counts at once. */
static bool load_halves(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, struct rt_plain plain)
{
	size_t half = bytes / 2;
	if (plain.writes || !half || bytes > RT_GRANULE_BYTES || !variable_at(address + half, half))
		return false;
	rt_access(self, site, (const void *)address, half, RT_READ, RT_CLASS_DATA);
	if (!rt_infer_access(self, site, address + half, half, plain))
		rt_access(self, site, (const void *)(address + half), half, RT_READ, RT_CLASS_DATA);
	return true;
}

bool rt_infer_access(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, struct rt_plain plain)
{
	if (!bytes || bytes > VARIABLE_MOST || address % bytes || self->ignore_sync)
		return false;
	uintptr_t variable = variable_at(address, bytes);
	if (variable && !rt_local_is_there(self, site, variable))
		variable = 0;
	if (!variable && load_halves(self, site, address, bytes, plain))
		return true;
	bool may_become = !variable && bytes <= RT_GRANULE_BYTES;
	bool is_proof =
		may_become && (plain.waits || meets_in_locks(self, site, address, bytes, plain.writes));
	if (is_proof || (may_become && meets(self, address, bytes, plain))) {
		become(self, site, address, bytes,
			is_proof       ? PAST_RELEASES
			: plain.writes ? PAST_SET
				       : PAST_TESTED);
		variable = address;
	}
	if (!variable)
		return false;
	enum rt_atomic_kind change = plain.writes ? RT_ATOMIC_CHANGE : RT_ATOMIC_LOAD;
	enum rt_order order = !plain.writes ? RT_ORDER_ACQUIRE
			      : plain.reads ? RT_ORDER_ACQ_REL
					    : RT_ORDER_RELEASE;
	/* Of a part, too, it is the whole's object: others change that. */
	rt_atomic(self, site, (const void *)variable, address - variable + bytes, change, order, order,
		nothing, NULL);
	if (plain.reads) {
		self->late = variable;
		rt_hot_set_epoch(0);
	}
	return true;
}
