/* Atomic operations and fences: ISO C11 5.1.2.4 and 7.17.3-4.
 *
 * An atomic object's clock is what its present value publishes: the clocks of the releases whose release sequences the value
 * belongs to. A store begins anew, an atomic change goes on. As C11 has it a relaxed store goes on, too, where the thread
 * stores over its own release; C++20 says it does not. Where several threads' releases stand behind one value a relaxed
 * store ends them all, its own thread's with them: there C++20 is followed, because the clocks are not kept apart.
 *
 * A release fence leaves a copy of the clock, which relaxed stores and changes publish after it; relaxed loads collect what
 * an acquire fence then takes in. The order of seq_cst operations is no happens-before by itself. */
#include "atomic.h"

#include "allocator.h"
#include "access.h"
#include "counters.h"
#include "abroad.h"
#include "object.h"
#include "tally.h"

enum { MESSAGE_EPOCHS = 16 };

/* What a load of this order does with what it read; self->seen is for an acquire fence. */
static void take_in(struct rt_thread *self, struct rt_message *message, enum rt_order order)
{
	if (rt_order_acquires(order))
		rt_message_take(self, message);
	else if (!rt_message_is_known(self, message))
		rt_message_merge(&self->seen, message);
}

/* The message is copied, so that what is taken in is known to be of one state. */
bool rt_atomic_take(struct rt_thread *self, const struct rt_look *look, enum rt_order order)
{
	rt_four_epochs epochs[MESSAGE_EPOCHS / RT_FOUR];
	struct rt_message message = look->sync->exclusive;
	const volatile rt_four_epochs *from = (rt_four_epochs *)message.clock.epochs;
	if (message.held || message.silent || message.clock.count > MESSAGE_EPOCHS || !rt_look_holds(look))
		return false; /* the last: the pointer and the count belong together; its memory stays mapped */
	for (uint32_t i = 0; i * RT_FOUR < message.clock.count; i++)
		epochs[i] = from[i];
	message.clock.epochs = (rt_epoch_t *)epochs;
	message.clock.room = MESSAGE_EPOCHS;
	if (!rt_look_holds(look))
		return false;
	take_in(self, &message, order);
	return true;
}

/* A write that releases. `over`: the new value has nothing to do with the old one. `knows`: the thread has taken the old one's
 * message in. */
static void release(struct rt_thread *self, struct rt_sync *sync, bool over, bool knows)
{
	if (over || rt_message_is_empty(&sync->exclusive))
		sync->head = self->id;
	else if (sync->head != self->id)
		sync->head = 0;
	rt_message_put_open(self, &sync->exclusive, over || knows);
}

/* One that doesn't: what the thread published at its last fence goes with it. */
static void forward(struct rt_thread *self, struct rt_sync *sync, bool over)
{
	bool own = sync->head == self->id;
	if (over && !own)
		rt_message_clear(&sync->exclusive);
	if (rt_message_is_empty(&sync->exclusive))
		sync->head = self->id;
	else if (!own && !rt_message_is_empty(&self->published))
		sync->head = 0;
	rt_message_merge(&sync->exclusive, &self->published);
}

void rt_atomic_check(
	struct rt_thread *self, struct rt_site *site, const volatile void *address, size_t bytes, bool write)
{
	enum rt_access_kind kind = write ? RT_ATOMIC_WRITE : RT_ATOMIC_READ;
	if (!rt_allocator_holds(site->pc) && !rt_access_word(self, site, (uintptr_t)address, bytes, kind))
		rt_access(self, site, address, bytes, kind, RT_CLASS_DATA);
}

struct rt_sync_hold rt_atomic_begin(struct rt_thread *self, struct rt_site *site,
	const volatile void *address, enum rt_atomic_kind kind, enum rt_order order)
{
	uint64_t key = rt_sync_key((uintptr_t)address);
	if (RT_UNLIKELY(self->ignore_sync))
		return (struct rt_sync_hold){NULL, NULL};
	self->counts[RT_COUNTER_SYNC_OPERATIONS]++;
	struct rt_sync_hold hold = rt_sync_hold(key);
	if (hold.sync && rt_tally_is_unheard(self, hold.sync)) {
		rt_guard_unlock(hold.guard);
		rt_tally_hear(self, key);
		hold = rt_sync_hold(key);
	}
	if (RT_UNLIKELY(!hold.sync) && kind != RT_ATOMIC_LOAD &&
		(rt_order_releases(order) || !rt_message_is_empty(&self->published))) {
		rt_guard_unlock(hold.guard);
		rt_sync_make_room(self);
		hold.sync = rt_sync_lock(self, site, key, "atomic");
		hold.guard = hold.sync ? &hold.sync->guard : NULL; /* no memory for it, which was counted */
	}
	__atomic_store_n(&self->operating, hold.guard, __ATOMIC_RELAXED);
	return hold;
}

/* The hold that there is after the operation: others had the object if it came through after a fault. */
static inline struct rt_sync_hold operated(
	struct rt_thread *self, const volatile void *address, struct rt_guard *guard, struct rt_sync *sync)
{
	struct rt_sync_hold hold = {guard, sync};
	if (RT_UNLIKELY(!self->operating)) {
		hold = rt_sync_hold(rt_sync_key((uintptr_t)address));
		hold.sync = NULL;
	}
	self->operating = NULL;
	return hold;
}

void rt_atomic_end(struct rt_thread *self, const volatile void *address, enum rt_atomic_kind kind,
	enum rt_order order, struct rt_guard *guard, struct rt_sync *sync)
{
	struct rt_sync_hold hold = operated(self, address, guard, sync);
	if (hold.sync && kind != RT_ATOMIC_STORE)
		take_in(self, &hold.sync->exclusive, order);
	if (hold.sync && kind != RT_ATOMIC_LOAD)
		forward(self, hold.sync, kind == RT_ATOMIC_STORE);
	rt_guard_unlock(hold.guard);
}

void rt_atomic_end_release(struct rt_thread *self, struct rt_site *site, const volatile void *address,
	size_t bytes, enum rt_atomic_kind kind, enum rt_order order, const struct rt_sync_hold *held)
{
	struct rt_access access;
	struct rt_sync_hold hold = operated(self, address, held->guard, held->sync);
	if (hold.sync && kind != RT_ATOMIC_STORE)
		take_in(self, &hold.sync->exclusive, order);
	bool races = !rt_atomic_is_there(address, bytes, true) && !rt_allocator_holds(site->pc) &&
		     !rt_access_word(self, site, (uintptr_t)address, bytes, RT_ATOMIC_WRITE) &&
		     rt_access_check(&access, self, site, address, bytes, RT_ATOMIC_WRITE, RT_CLASS_DATA);
	if (hold.sync && !rt_tally_is_silent(self, hold.sync, kind))
		release(self, hold.sync, kind == RT_ATOMIC_STORE, rt_order_acquires(order));
	rt_guard_unlock(hold.guard);
	if (RT_UNLIKELY(races))
		rt_access_report(&access);
}

/* ---- in shared memory ---- */

/* What other processes will find before they can find the value. */
static void publish(struct rt_thread *self, uint64_t key, enum rt_atomic_kind kind, enum rt_order order)
{
	if (kind != RT_ATOMIC_LOAD && rt_order_releases(order))
		rt_abroad_raise(self, key, RT_LOCK_EXCLUSIVE);
	else if (kind != RT_ATOMIC_LOAD && !rt_message_is_empty(&self->published))
		rt_abroad_publish(key, &self->published.clock);
}

/* What they had published when the value was found, or after that. */
static void collect(struct rt_thread *self, uint64_t key, enum rt_atomic_kind kind, enum rt_order order)
{
	if (kind == RT_ATOMIC_STORE)
		return;
	if (rt_order_acquires(order)) {
		rt_abroad_acquire_key(self, key, RT_LOCK_SHARED);
	} else {
		rt_abroad_collect(key, &self->seen.clock);
		self->seen.at = 0;
	}
}

bool rt_atomic_run_shared(struct rt_thread *self, struct rt_site *site, const volatile void *address,
	size_t bytes, enum rt_atomic_kind kind, enum rt_order order, enum rt_order failure,
	rt_atomic_operation operation, void *argument)
{
	uint64_t key = rt_sync_key((uintptr_t)address);
	if (!rt_key_is_abroad(key) || self->ignore_sync)
		return false;
	rt_thread_tick(self);
	publish(self, key, kind, order);
	bool done = rt_atomic_run_held(self, site, address, bytes, kind, order, failure, operation, argument);
	if (done && kind != RT_ATOMIC_LOAD && rt_order_releases(order))
		rt_thread_released(self);
	collect(self, key, done ? kind : RT_ATOMIC_LOAD, done ? order : failure);
	return true;
}

void rt_atomic(struct rt_thread *self, struct rt_site *site, const volatile void *address, size_t bytes,
	enum rt_atomic_kind kind, enum rt_order order, enum rt_order failure, rt_atomic_operation operation,
	void *argument)
{
	if (rt_watching)
		rt_atomic_run(self, site, address, bytes, kind, order, failure, operation, argument);
	else
		operation(argument);
}

/* What a release fence here would publish is what the last one did. */
static bool is_published(const struct rt_thread *self)
{
	return self->tick_pending && !self->learnt && self->published.at &&
	       self->published.at == rt_clock_get(&self->clock, self->slot);
}

void rt_fence(struct rt_thread *self, enum rt_order order)
{
	if (!rt_watching || self->ignore_sync)
		return;
	if (rt_order_acquires(order) && !rt_message_is_empty(&self->seen)) {
		rt_message_take(self, &self->seen);
		rt_message_clear(&self->seen);
	}
	if (rt_order_releases(order) && !is_published(self))
		rt_message_put_open(self, &self->published, true);
}
