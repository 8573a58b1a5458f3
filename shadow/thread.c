#include "thread.h"

#include "access.h"
#include "activation.h"
#include "announced.h"
#include "arena.h"
#include "counters.h"
#include "floor.h"
#include "lock.h"
#include "overflow.h"
#include "owner.h"
#include "shared.h"
#include "single.h"
#include "slot.h"
#include "sys.h"
#include "tally.h"
#include "thread_table.h"

enum {
	INFOS_MOST = 1 << 20,
	FLOOR_PART =
		16, /* the floor is raised when a part of so many of the threads is new: that costs as much as they do */
};

static void count_for(struct rt_thread *thread)
{
	for (unsigned i = 0; i < RT_COUNTER_HOT; i++) {
		rt_count_add((enum rt_counter)i, thread->counts[i]);
		thread->counts[i] = 0;
	}
}

void rt_threads_count(void)
{
	rt_spin_lock(&rt_threads.spin);
	for (struct rt_thread *thread = rt_threads.live; thread; thread = rt_link_of(thread)->next_live)
		count_for(thread);
	rt_spin_unlock(&rt_threads.spin);
}

/* A thread that runs no more gives everything back but its info. Threads' lock held. */
static void retire(struct rt_thread *thread)
{
	count_for(thread);
	rt_thread_drop_handle(thread);
	rt_thread_unlink(thread);
	rt_tally_retire(thread);
	rt_slot_leave(thread);
	rt_clock_fini(&thread->clock);
	rt_free(thread->held, thread->held_room * sizeof(*thread->held));
	rt_clock_fini(&thread->seen.clock);
	rt_clock_fini(&thread->published.clock);
	rt_frames_fini(thread);
	rt_overflow_retire(thread);
	rt_owner_leave(thread);
	rt_known_leaves_fini(thread);
	rt_known_joins_fini(thread);
	rt_free(thread->stack, thread->stack_room * sizeof(*thread->stack));
	rt_free(thread->known_frames,
		thread->known_frames ? RT_KNOWN_FRAMES * sizeof(*thread->known_frames) : 0);
	rt_activations_fini(thread);
	rt_free(thread->shared_cells, RT_SHARED_ROOM);
	rt_free(thread, sizeof(struct rt_live_link));
}

/* Detached threads, and those whose creation was not seen, end unnoticed: ask the kernel. Threads' lock held. */
static void reap_detached(void)
{
	static uint32_t next_reap = 16, calls;
	if (++calls < next_reap)
		return;
	calls = 0;
	int pid = rt_sys_getpid();
	uint32_t lives = 0;
	for (struct rt_thread *thread = rt_threads.live, *next; thread; thread = next) {
		next = rt_link_of(thread)->next_live;
		bool unnoticed = thread->flags & (RT_THREAD_DETACHED | RT_THREAD_UNSEEN_START);
		if (thread->state == RT_THREAD_LIVE && unnoticed && !rt_sys_thread_lives(pid, thread->tid))
			retire(thread);
		else
			lives++;
	}
	next_reap = lives < 16 ? 16 : lives;
}

void rt_watch_set(uint32_t bit, bool on)
{
	uint32_t before = on ? __atomic_fetch_or(&racetrack_watching, bit, __ATOMIC_SEQ_CST)
			     : __atomic_fetch_and(&racetrack_watching, ~bit, __ATOMIC_SEQ_CST);
	uint32_t after = on ? before | bit : before & ~bit, accesses = ~RT_WATCH_SESSION;
	if (!(before & accesses) != !(after & accesses))
		rt_access_watch(after & accesses);
	rt_single_set((after & accesses) == RT_WATCH_SHARED);
}

void rt_watching_begins(struct rt_thread *self)
{
	if (rt_watching)
		return;
	rt_lock_watch(self);
	rt_thread_released(self);
}

void rt_threads_unjoined(int change)
{
	rt_threads.unjoined += (uint32_t)change;
	rt_watch_set(RT_WATCH_THREADS, rt_threads.unjoined != 0);
}

/* NULL: no memory. */
static struct rt_thread *new_state(void)
{
	struct rt_thread *thread = rt_alloc(sizeof(struct rt_live_link));
	if (!thread)
		return NULL;
	rt_clock_lend(&thread->clock, thread->few[0], RT_THREAD_FEW);
	rt_clock_lend(&thread->seen.clock, thread->few[1], RT_THREAD_FEW);
	rt_clock_lend(&thread->published.clock, thread->few[2], RT_THREAD_FEW);
	return thread;
}

/* A thread with `past` as its clock. Threads' lock held. */
struct rt_thread *rt_thread_new(
	const struct rt_clock *past, uint32_t parent, rt_ctx_t created_at, uint8_t flags)
{
	reap_detached();
	struct rt_thread *thread = new_state();
	rt_slot_t slot = thread ? rt_slot_take(past) : RT_SLOT_NONE;
	if (slot == RT_SLOT_NONE || (past && !rt_clock_copy(&thread->clock, past))) {
		if (slot != RT_SLOT_NONE)
			rt_slot_free(slot);
		rt_free(thread, sizeof(struct rt_live_link));
		rt_count(RT_COUNTER_NO_THREAD);
		return NULL;
	}
	thread->slot = slot;
	thread->ticks_left = rt_floor_ticks();
	thread->known_leaves = rt_no_leaves;
	rt_owner_begin(thread);
	thread->id = rt_thread_info_new(parent, created_at, flags);
	if (!rt_slot_next(slot, thread->id))
		rt_count(RT_COUNTER_NO_EPOCH);
	thread->segment = rt_slot_segment(slot);
	thread->behind = 0;
	thread->flags = flags;
	rt_clock_set(&thread->clock, slot, rt_slot_epoch(slot));
	thread->learnt_at = rt_slot_epoch(slot); /* what the slot's last thread has published is less */
	rt_boundaries_begin(&thread->boundaries, rt_slot_epoch(slot));
	rt_thread_link(thread);
	rt_count(RT_COUNTER_THREADS);
	return thread;
}

/* ---- life ---- */

bool rt_threads_init(void)
{
	size_t bytes;
	rt_threads.infos = rt_reserve_hot(INFOS_MOST * sizeof(struct rt_thread_info), 1 << 16, &bytes);
	rt_threads.info_room = (uint32_t)(bytes / sizeof(struct rt_thread_info));
	rt_threads.info_count = 1;
	if (!rt_threads.infos || !rt_slots_init())
		return false;
	rt_enter_init();
	struct rt_thread *first = rt_thread_new(NULL, 0, 0, RT_THREAD_MAIN);
	if (!first)
		return false;
	first->state = RT_THREAD_LIVE;
	first->tid = rt_sys_gettid();
	rt_thread_info_of(first->id)->tid = first->tid;
	rt_thread_take(first);
	rt_threads.started = true;
	return true;
}

struct rt_thread *rt_thread_create(struct rt_thread *self, struct rt_site *site, bool detached)
{
	rt_ctx_t created_at = rt_site_context(self, site, RT_READ);
	rt_thread_publishing(self);
	rt_owners_prepare();
	rt_watching_begins(self);
	rt_spin_lock(&rt_threads.spin);
	struct rt_thread *child =
		rt_thread_new(&self->clock, self->id, created_at, detached ? RT_THREAD_DETACHED : 0);
	if (child) {
		child->state = RT_THREAD_CREATED;
		rt_threads_unjoined(1);
		if (++rt_threads.made_since_floor >= rt_threads.live_count / FLOOR_PART) {
			rt_threads.made_since_floor = 0;
			rt_floor_raise();
		}
	}
	rt_spin_unlock(&rt_threads.spin);
	rt_thread_released(self);
	return child;
}

void rt_thread_not_created(struct rt_thread *self, struct rt_thread *child)
{
	(void)self;
	if (!child)
		return;
	rt_spin_lock(&rt_threads.spin);
	retire(child);
	rt_threads_unjoined(-1);
	rt_spin_unlock(&rt_threads.spin);
}

void rt_thread_created(struct rt_thread *self, struct rt_thread *child, uint64_t handle)
{
	(void)self;
	if (!child)
		return;
	rt_spin_lock(&rt_threads.spin);
	/* Once it runs it may be gone already, joined by somebody else, and the handle another's. */
	bool still = false;
	for (struct rt_thread *thread = rt_threads.live; thread && !still;
		thread = rt_link_of(thread)->next_live)
		still = thread == child;
	if (still && handle && child->state == RT_THREAD_CREATED && !child->handle)
		rt_thread_put_handle(child, handle);
	rt_spin_unlock(&rt_threads.spin);
}

void rt_thread_begin(struct rt_thread *child)
{
	child->place =
		RT_INSIDE; /* the gate need not be asked: its owner holds the lock as long as it is shut */
	struct rt_thread *handlers = rt_self;
	rt_thread_take(child);
	if (handlers && handlers != child) {
		child->frames = handlers->frames;
		child->frames_room = handlers->frames_room;
		handlers->frames = NULL;
		rt_spin_lock(&rt_threads.spin);
		rt_thread_learn(child, &handlers->clock);
		retire(handlers);
		rt_threads_unjoined(-1);
		rt_spin_unlock(&rt_threads.spin);
	}
	rt_leave(child);
}

void rt_thread_started(struct rt_thread *child, uint64_t handle, uintptr_t low, uintptr_t high)
{
	child->place = RT_INSIDE;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	rt_spin_lock(&rt_threads.spin);
	if (!child->handle)
		rt_thread_put_handle(child, handle);
	child->tid = rt_sys_gettid();
	child->state = RT_THREAD_LIVE;
	child->stack_low = low;
	child->stack_high = high;
	struct rt_thread_info *info = rt_thread_info_of(child->id);
	if (info)
		info->tid = child->tid;
	rt_spin_unlock(&rt_threads.spin);
	rt_leave(child);
}

/* The kernel gives a dying thread's locks away before its number is nobody's: that takes it a moment yet. */
static bool has_ended(int pid, int tid)
{
	enum { TRIES = 1000 };
	for (unsigned tries = 0; tries < TRIES; tries++) {
		if (!rt_sys_thread_lives(pid, tid))
			return true;
		rt_sys_yield();
	}
	return false;
}

void rt_thread_inherit(struct rt_thread *self, uint64_t key)
{
	int pid = rt_sys_getpid();
	rt_spin_lock(&rt_threads.spin);
	for (struct rt_thread *other = rt_threads.live; other; other = rt_link_of(other)->next_live)
		if (other != self && other->state == RT_THREAD_LIVE && rt_lock_is_held(other, key) &&
			has_ended(pid, other->tid))
			rt_thread_learn(self, &other->clock);
	rt_spin_unlock(&rt_threads.spin);
}

uint32_t rt_thread_joins(struct rt_thread *self, uint64_t handle, bool until_end)
{
	rt_spin_lock(&rt_threads.spin);
	const struct rt_thread *child = rt_thread_of_handle(handle);
	uint32_t id = child ? child->id : 0;
	rt_spin_unlock(&rt_threads.spin);
	if (id && until_end) {
		__atomic_store_n(&self->waits_for, id, __ATOMIC_RELAXED);
		/* An access, and be it a cancellation's, ends the wait: rt_thread_tick_slow. */
		self->tick_pending = true;
		rt_hot_set_epoch(0);
	}
	return id;
}

void rt_thread_joined(struct rt_thread *self, uint64_t handle, uint32_t id)
{
	__atomic_store_n(&self->waits_for, 0, __ATOMIC_RELAXED);
	rt_spin_lock(&rt_threads.spin);
	struct rt_thread *child = id ? rt_thread_of_handle(handle) : NULL;
	if (id && (!child || child->id != id)) /* the handle is a new thread's by now */
		child = rt_thread_of_id(id);
	if (child && child != self) {
		rt_thread_learn(self, &child->clock);
		rt_lock_abandon(child);
		struct rt_thread_info *info = rt_thread_info_of(child->id);
		if (info)
			info->flags |= RT_THREAD_JOINED;
		bool counted = !(child->flags & RT_THREAD_MAIN);
		retire(child);
		if (counted)
			rt_threads_unjoined(-1);
	}
	rt_spin_unlock(&rt_threads.spin);
}

void rt_thread_detached(struct rt_thread *self, uint64_t handle)
{
	(void)self;
	rt_spin_lock(&rt_threads.spin);
	struct rt_thread *child = rt_thread_of_handle(handle);
	if (child) {
		child->flags |= RT_THREAD_DETACHED;
		struct rt_thread_info *info = rt_thread_info_of(child->id);
		if (info)
			info->flags |= RT_THREAD_DETACHED;
	}
	rt_spin_unlock(&rt_threads.spin);
}

uint32_t rt_thread_id(struct rt_thread *self)
{
	return self->id;
}

uint64_t *rt_thread_notes(struct rt_thread *self)
{
	return self->notes;
}

uint32_t rt_thread_of_stack(uintptr_t address, uintptr_t *low, uintptr_t *high)
{
	uint32_t id = 0;
	rt_spin_lock(&rt_threads.spin);
	for (struct rt_thread *thread = rt_threads.live; thread && !id;
		thread = rt_link_of(thread)->next_live)
		if (address >= thread->stack_low && address < thread->stack_high) {
			id = thread->id;
			*low = thread->stack_low;
			*high = thread->stack_high;
		}
	rt_spin_unlock(&rt_threads.spin);
	return id;
}

bool rt_threads_alone(void)
{
	return rt_threads.live_count == 1;
}

void rt_threads_forked(struct rt_thread *self)
{
	/* The threads' lock is held since rt_threads_stop. */
	for (struct rt_thread *thread = rt_threads.live, *next; thread; thread = next) {
		next = rt_link_of(thread)->next_live;
		if (thread == self)
			continue;
		rt_thread_learn(self, &thread->clock);
		retire(thread);
	}
	rt_threads.unjoined = 0;
	rt_watch_set(RT_WATCH_THREADS, false);
	self->tid = rt_sys_gettid();
	rt_thread_infos_forked(self);
	self->flags = RT_THREAD_MAIN;
	rt_enter_init();
	rt_owners_forked();
	rt_threads_resume();
}

void rt_ignore_accesses(struct rt_thread *self, int change)
{
	if (change > 0 || self->ignore_accesses)
		self->ignore_accesses = (uint16_t)(self->ignore_accesses + change);
}

void rt_ignore_sync(struct rt_thread *self, int change)
{
	if (change > 0 || self->ignore_sync)
		self->ignore_sync = (uint16_t)(self->ignore_sync + change);
}

bool rt_sync_ignored(struct rt_thread *self)
{
	return self->ignore_sync != 0;
}
