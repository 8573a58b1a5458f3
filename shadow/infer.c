#include "infer.h"

#include "access.h"
#include "atomic.h"
#include "abroad.h"
#include "declared.h"
#include "enter.h"
#include "frames.h"
#include "local.h"
#include "lookers.h"
#include "maybe.h"
#include "once.h"
#include "object.h"
#include "owner.h"
#include "single.h"
#include "thread_table.h"
#include "trait.h"
#include "variable.h"
#include "visit.h"

static const char kind[] = "atomic";

static bool nothing(void *unused)
{
	(void)unused;
	return true;
}

/* ---- becoming one ---- */

/* Unordered plain accesses of others. */
struct meeting {
	unsigned sets, tests, others;
	unsigned looks, glances, steps, locked, writes;
};

static void count_meeting(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	struct meeting *meeting = argument;
	meeting->sets += how == RT_SET_WRITE;
	meeting->tests += how == RT_TESTED_READ;
	meeting->others += how != RT_SET_WRITE && how != RT_TESTED_READ;
	meeting->looks += how == RT_COMPARED_READ;
	meeting->glances += how == RT_GLANCED_READ;
	meeting->steps += how == RT_ADVANCED_WRITE;
	meeting->locked += how == RT_ADVANCED_WRITE && rt_context_lockset(rt_cell_context(cell));
	meeting->writes += (cell & RT_CELL_WRITE) != 0;
}

/* A flag and who sets it, and neither has waited for the other. */
static bool meets(struct rt_thread *self, uintptr_t address, size_t bytes, struct rt_plain plain)
{
	struct meeting meeting = {.writes = 0};
	if (!plain.flag)
		return false;
	rt_visit_unordered(self, address, bytes, count_meeting, &meeting);
	return !meeting.others && (plain.writes ? meeting.tests && !meeting.sets : meeting.sets);
}

/* Both sides of a ring meet at one of its indices. In shared memory it would have to be told to other processes. */
static bool meets_in_ring(struct rt_thread *self, uintptr_t address, size_t bytes, struct rt_plain plain)
{
	struct meeting meeting = {.writes = 0};
	if (!(plain.ring || plain.glance) || rt_declared_is_plain(address) ||
		rt_key_is_abroad(rt_sync_key(address)))
		return false;
	rt_visit_unordered(self, address, bytes, count_meeting, &meeting);
	if (plain.writes)
		return !meeting.writes && (meeting.looks || (meeting.glances && !self->lockset));
	return meeting.steps && meeting.steps == meeting.writes && !(plain.glance && meeting.locked);
}

static void count_bare(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	struct meeting *meeting = argument;
	(void)cell;
	meeting->sets += how == RT_BARE_WRITE || how == RT_HUSHED_WRITE;
	meeting->tests += how == RT_BARE_READ || how == RT_HUSHED_READ;
	meeting->others += !rt_infer_is_bare(how);
}

/* What is loaded and stored by hand in a module whose other accesses hooks tell of is atomic. */
static bool meets_bare(struct rt_thread *self, uintptr_t address, size_t bytes, struct rt_plain plain)
{
	struct meeting meeting = {.writes = 0};
	if (!plain.bare || rt_key_is_abroad(rt_sync_key(address)))
		return false;
	rt_visit_unordered(self, address, bytes, count_bare, &meeting);
	return !meeting.others && (meeting.sets || (plain.writes && meeting.tests));
}

struct conflict {
	bool in_locks, writes, found;
};

static void find_conflict(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	struct conflict *conflict = argument;
	(void)how;
	if ((conflict->writes || cell & RT_CELL_WRITE) &&
		(conflict->in_locks || rt_stack_is_quiet(rt_cell_context(cell))))
		conflict->found = true;
}

/* Code that makes locks is taken to be right: what its loads and stores hand over is atomic, also in what of it was compiled into
 * the program. */
static bool meets_in_locks(
	struct rt_thread *self, const struct rt_site *site, uintptr_t address, size_t bytes, bool writes)
{
	struct conflict conflict = {rt_trait_holds(RT_TRAIT_QUIET, site->pc), writes, false};
	if (!rt_trait_any(RT_TRAIT_QUIET) ||
		(RT_UNLIKELY(rt_shared_count != 0) && rt_key_is_abroad(rt_sync_key(address))))
		return false;
	rt_visit_unordered(self, address, bytes, find_conflict, &conflict);
	return conflict.found;
}

struct taking {
	struct rt_thread *self;
	struct rt_sync *sync;
};

/* The earlier plain store of a thread may have published what it had done by then, and what it knew of others: the latter is known
 * as of now, and if the thread is gone not at all, as it was joined by others. */
static void take_writer(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	(void)how;
	const struct taking *taking = argument;
	struct rt_clock *clock = &taking->sync->exclusive.clock;
	rt_slot_t slot = rt_segment_slot(rt_cell_segment(cell));
	if (!(cell & RT_CELL_WRITE) || cell & RT_CELL_ATOMIC)
		return;
	rt_epoch_t epoch = rt_segment_epoch(rt_cell_segment(cell)), before = rt_clock_get(clock, slot);
	epoch = epoch > before ? epoch : before;
	taking->sync->exclusive.at = 0;
	for (struct rt_thread *thread = rt_threads.live; thread; thread = rt_link_of(thread)->next_live) {
		if (thread == taking->self || thread->slot != slot)
			continue;
		rt_clock_join(clock, &thread->clock);
		rt_thread_made_release(thread);
	}
	rt_clock_set(clock, slot, rt_thread_tell_epoch(slot, epoch));
}

struct known {
	struct rt_thread *self;
	bool found;
	rt_epoch_t own; /* of its last store; 0: it made none */
};

static void find_known(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	struct known *known = argument;
	uint32_t segment = rt_cell_segment(cell);
	(void)how;
	if (!(cell & RT_CELL_WRITE) || cell & RT_CELL_ATOMIC || rt_cell_is_past(cell))
		return;
	known->found = true;
	if (rt_segment_slot(segment) == known->self->slot && rt_segment_epoch(segment) > known->own)
		known->own = rt_segment_epoch(segment);
}

/* Who looks first may have made the store that is waited for, or know of it by other ways: others who look have that from the
 * variable. What was known at the store is taken to be what this thread knows now. */
static void take_known(struct rt_thread *self, struct rt_sync *sync, uintptr_t address, size_t bytes)
{
	struct known known = {self, false, 0};
	struct rt_clock *clock = &sync->exclusive.clock;
	rt_visit_ordered(self, address, bytes, find_known, &known);
	if (!known.found)
		return;
	rt_epoch_t own = rt_clock_get(clock, self->slot);
	rt_thread_released(self);
	if (known.own > own) {
		rt_epoch_t told = rt_boundary_after(&self->boundaries, known.own);
		own = told > known.own ? told : known.own;
	}
	sync->exclusive.at = 0;
	rt_clock_join(clock, &self->clock);
	rt_clock_set(clock, self->slot, own);
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

struct looking {
	struct rt_thread *self;
	uintptr_t variable;
};
/* Another thread looked there in its present epoch: it may look again and again, and its load may be one that comes yet, and finds
 * what is stored now. At the index of a ring it does: it acquires at its next check, as it would have if the variable had been
 * known. Of other looks hardly any is just about to load: what follows is no more than inferred. pre: all threads are stopped. */
static void let_acquire(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	const struct looking *looking = argument;
	for (struct rt_thread *thread = rt_threads.live; thread; thread = rt_link_of(thread)->next_live) {
		if (thread == looking->self || thread->segment != rt_cell_segment(cell))
			continue;
		if ((how == RT_COMPARED_READ || how == RT_GLANCED_READ || rt_infer_is_bare(how)) &&
			!thread->late)
			thread->late = looking->variable;
		else if (rt_maybe_moved(how) && !(cell & RT_CELL_WRITE))
			rt_maybe_met(looking->self, true, cell, looking->variable);
	}
}

/* What was done to it before: it is assumed to have been a release, or may have been one. */
enum past { PAST_PLAIN, PAST_RELEASES, PAST_OWNED /* and it is an index of a ring */, PAST_TESTED, PAST_SET };

static void make_variable(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes,
	bool writes, enum past past)
{
	uint64_t key = rt_sync_key(address);
	struct rt_sync *sync = rt_sync_lock(self, site, key, kind);
	struct taking taking = {self, sync};
	struct met met = {self, address, past == PAST_SET};
	struct looking looking = {self, address};
	if (past > PAST_OWNED) {
		rt_visit_unordered(self, address, bytes, note_met, &met);
	} else {
		if (sync)
			rt_visit_unordered(self, address, bytes, take_writer, &taking);
		if (sync && !writes)
			take_known(self, sync, address, bytes);
		rt_visit_unordered(self, address, bytes, let_acquire, &looking);
	}
	if (sync) {
		sync->owned = past == PAST_OWNED;
		sync->bytes = (uint8_t)bytes;
		rt_sync_unlock(sync);
	}
	if (rt_key_is_abroad(key))
		rt_abroad_set_variable(key);
	/* A thread that finds its plain access there would not come to tell that it publishes. */
	rt_cells_forget(address, bytes);
	rt_variable_mark(address, bytes);
}

/* `late`: one that make_quietly has begun. */
static void become(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, bool writes,
	enum past past, bool late)
{
	struct rt_lookers lookers = {.count = 0};
	rt_threads_stop(self);
	if (late || !rt_variable_at(address, bytes)) { /* another thread may have come first */
		if (writes)
			rt_lookers_find(&lookers, self, address, bytes);
		make_variable(self, site, address, bytes, writes, past);
		rt_lookers_wait(&lookers);
	}
	rt_threads_resume();
	rt_local_keep(self, site, address);
}

static void say_found(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	(void)cell, (void)how;
	*(bool *)argument = true;
}

static bool is_met(struct rt_thread *self, uintptr_t address, size_t bytes)
{
	bool found = false;
	rt_visit_unordered(self, address, bytes, say_found, &found);
	return found;
}

/* Whatever the access is, it is one to what was freed. */
static bool is_freed(struct rt_thread *self, uintptr_t address, size_t bytes)
{
	bool found = false;
	rt_visit_freed(self, address, bytes, say_found, &found);
	return found;
}

/* Where all accesses so far came before this thread's next one nobody needs to be stopped, as for most objects that count who
 * refers to them. Who records a plain access meanwhile does so before the second look, or finds the marks after it
 * (rt_infer_came). False: others use it; become has to make it. */
static bool make_quietly(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes,
	bool writes, bool *begun)
{
	uint64_t key = rt_sync_key(address);
	*begun = false;
	if (bytes > RT_GRANULE_BYTES || rt_key_is_abroad(key) || is_met(self, address, bytes))
		return false;
	rt_cells_take(
		address); /* what is recorded there from now on is there before its thread's next look */
	struct rt_sync *sync = rt_sync_lock(self, site, key, kind);
	if (!sync)
		return false;
	if (!writes)
		take_known(self, sync, address, bytes);
	sync->bytes = (uint8_t)bytes;
	rt_sync_unlock(sync);
	rt_variable_mark(address, bytes);
	*begun = true;
	return !is_met(self, address, bytes) && rt_word_forget(address, bytes);
}

/* As one that has been atomic all the time. */
static void become_atomic(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, bool writes)
{
	bool begun;
	if (make_quietly(self, site, address, bytes, writes, &begun))
		rt_local_keep(self, site, address);
	else
		become(self, site, address, bytes, writes, PAST_RELEASES, begun);
}

void rt_infer_changed(struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes)
{
	rt_sync_make_room(self);
	uintptr_t variable = rt_variable_at(address, bytes);
	if (variable)
		rt_local_keep(self, site, variable);
	else if (!is_freed(self, address, bytes))
		become_atomic(self, site, address, bytes, true);
}

void rt_infer_named(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, const char *kind_of_object)
{
	uint64_t key = rt_sync_key(address);
	if (rt_infer_is_marked(address) && rt_variable_is_object(address, 0))
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

/* ---- additions that get lost ---- */

static bool is_tallied(uintptr_t variable)
{
	struct rt_sync_hold hold = rt_sync_hold(rt_sync_key(variable));
	bool is = hold.sync && hold.sync->tallied_by;
	rt_guard_unlock(hold.guard);
	return is;
}

static void find_change(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	(void)cell;
	if (how == RT_ATOMIC_WRITE)
		*(bool *)argument = true;
}

static bool loses(
	struct rt_thread *self, uintptr_t variable, uintptr_t address, size_t bytes, struct rt_plain plain)
{
	bool found = false;
	if (plain.reads && plain.writes && is_tallied(variable))
		rt_visit_unordered(self, address, bytes, find_change, &found);
	return found;
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

struct own_moves {
	const struct rt_thread *self;
	bool found;
};

static void find_move(void *argument, rt_cell_t cell, enum rt_access_kind how)
{
	struct own_moves *own = argument;
	if (rt_cell_segment(cell) == own->self->segment && rt_maybe_moved(how))
		own->found = true;
}

/* Takes back a plain access of this epoch, which was recorded while the variable was made: see make_quietly. */
static void withdraw(struct rt_thread *self, uintptr_t address, size_t bytes)
{
	struct own_moves own = {self, false};
	const struct rt_granule *granule = rt_granule_in_use(address);
	struct rt_granule now = granule ? rt_granule_look(granule) : (struct rt_granule){{0, 0}};
	if (rt_cell_segment(now.cell[0]) != self->segment && rt_cell_segment(now.cell[1]) != self->segment)
		return;
	rt_visit_own(self, address, bytes, find_move, &own);
	if (own.found)
		rt_word_forget(address, bytes);
}

/* Whether the access makes a variable of a plain place, and what was done there before then. */
static enum past judge(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, struct rt_plain plain)
{
	if (plain.waits || meets_bare(self, address, bytes, plain) ||
		meets_in_locks(self, site, address, bytes, plain.writes) ||
		(plain.once && !rt_declared_is_plain(address) && rt_once_is(self, address, bytes)))
		return PAST_RELEASES;
	if (meets_in_ring(self, address, bytes, plain))
		return PAST_OWNED;
	return !meets(self, address, bytes, plain) ? PAST_PLAIN : plain.writes ? PAST_SET : PAST_TESTED;
}

/* A load of variables together with what lies before them, which is none: each half by itself. So std::shared_ptr looks at both of its
 * counts at once, and who is told by a part of a word at the whole of it. */
static bool load_halves(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, struct rt_plain plain)
{
	size_t half = bytes / 2;
	if (plain.writes || bytes > RT_GRANULE_BYTES || !rt_variable_inside(address, bytes))
		return false;
	for (uintptr_t at = address; at < address + bytes; at += half)
		if (!rt_infer_access(self, site, at, half, plain))
			rt_access(self, site, (const void *)at, half, RT_READ, RT_CLASS_DATA);
	return true;
}

void rt_infer_overwritten(uintptr_t address, size_t bytes)
{
	enum { MARKS_MOST = 16 }; /* that are looked at one by one */
	bool marked = bytes > MARKS_MOST * RT_GRANULE_BYTES;
	for (size_t at = 0; at < bytes && !marked; at += RT_GRANULE_BYTES)
		marked = rt_infer_is_marked(address + at);
	if (marked)
		rt_sync_forget_range(address, bytes);
}

/* Of 16 bytes cmpxchg16b and what else is atomic makes a variable that has as many. */
static bool is_overwritten(uintptr_t address, size_t bytes, struct rt_plain plain)
{
	return plain.writes && !plain.reads && !plain.waits && bytes > RT_GRANULE_BYTES &&
	       !(bytes == RT_VARIABLE_MOST && rt_variable_at(address, bytes));
}

bool rt_infer_access(
	struct rt_thread *self, struct rt_site *site, uintptr_t address, size_t bytes, struct rt_plain plain)
{
	if (RT_UNLIKELY(is_overwritten(address, bytes, plain)))
		rt_infer_overwritten(address, bytes);
	if (!bytes || bytes > RT_VARIABLE_MOST || address % bytes || self->ignore_sync)
		return false;
	uintptr_t variable = rt_variable_at(address, bytes);
	/* What is waited for stays one, whatever frame it lies in by now: what was stored there is not to be lost. */
	if (variable && plain.waits)
		rt_local_keep(self, site, variable);
	else if (variable && !rt_local_is_there(self, site, variable))
		variable = 0;
	if (!variable && load_halves(self, site, address, bytes, plain))
		return true;
	enum past past =
		variable || bytes > RT_GRANULE_BYTES ? PAST_PLAIN : judge(self, site, address, bytes, plain);
	if (past != PAST_PLAIN && is_freed(self, address, bytes))
		past = PAST_PLAIN;
	if (past == PAST_RELEASES)
		become_atomic(self, site, address, bytes, plain.writes);
	else if (past != PAST_PLAIN)
		become(self, site, address, bytes, plain.writes, past, false);
	if (past != PAST_PLAIN)
		variable = address;
	if (!variable || (plain.own && rt_variable_is_owned(variable)))
		return false;
	withdraw(self, address, bytes);
	if (loses(self, variable, address, bytes, plain))
		rt_access(self, site, (const void *)address, bytes, RT_ADDED, RT_CLASS_DATA);
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

bool rt_infer_announced(uintptr_t address, size_t bytes, bool writes, uintptr_t pc)
{
	struct rt_thread *self = rt_watching && rt_infer_is_marked(address) ? rt_enter() : NULL;
	struct rt_plain plain = {.reads = !writes, .writes = writes};
	bool is = false;
	if (!self)
		return false;
	if (!rt_single_skips(address, bytes) && rt_variable_at(address, bytes)) {
		struct rt_site site = rt_frames_site(pc);
		is = rt_infer_access(self, &site, address, bytes, plain);
	}
	rt_leave(self);
	return is;
}
