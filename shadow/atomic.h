/* rt_atomic in line, for who knows the operation where it is compiled. What it means is at the top of atomic.c.
 *
 * Who may include it: shadow/, hooks/atomics.c. Inside the engine. */
#ifndef RACETRACK_SHADOW_ATOMIC_H
#define RACETRACK_SHADOW_ATOMIC_H

#include "cell.h"
#include "sync.h"

static inline bool rt_order_acquires(enum rt_order order)
{
	return order != RT_ORDER_RELAXED && order != RT_ORDER_RELEASE;
}

static inline bool rt_order_releases(enum rt_order order)
{
	return order >= RT_ORDER_RELEASE;
}

/* The object is locked, or none can be made, while the operation runs. A fault in it leaves the lock: see rt_thread_step_out. A
 * hold of nothing: the operation is not to be told. */
RT_HIDDEN struct rt_sync_hold rt_atomic_begin(struct rt_thread *self, struct rt_site *site,
	const volatile void *address, enum rt_atomic_kind kind, enum rt_order order);
/* After it; `kind` and `order` are those of what happened: a comparison that found another value was a load. Of a write that
 * releases the access is checked before what it publishes; of all others others need not wait for that, and it is the
 * caller's. */
RT_HIDDEN void rt_atomic_end(struct rt_thread *self, const volatile void *address, enum rt_atomic_kind kind,
	enum rt_order order, struct rt_guard *guard, struct rt_sync *sync);
RT_HIDDEN void rt_atomic_end_release(struct rt_thread *self, struct rt_site *site,
	const volatile void *address, size_t bytes, enum rt_atomic_kind kind, enum rt_order order,
	const struct rt_sync_hold *hold);

/* What a load does that finds something new: takes the message in; records the access. */
RT_HIDDEN bool rt_atomic_take(struct rt_thread *self, const struct rt_look *look, enum rt_order order);
RT_HIDDEN void rt_atomic_check(
	struct rt_thread *self, struct rt_site *site, const volatile void *address, size_t bytes, bool write);

/* An access like this one, or a stronger one, is in its cell already, in the present epoch. */
static inline __attribute__((always_inline)) bool rt_atomic_is_there(
	const volatile void *pointer, size_t bytes, bool write)
{
	const struct rt_hot *hot = &racetrack_hot;
	uintptr_t address = (uintptr_t)pointer;
	uint64_t needed = (((1ull << bytes) - 1) << (address & 7)) | (write ? RT_HOT_WRITE : 0);
	return RT_LIKELY(hot->epoch && (address & 7) + bytes <= 8) &&
	       rt_hot_has(hot, hot->epoch, address, needed, 0);
}

static inline __attribute__((always_inline)) bool rt_atomic_look(
	const struct rt_thread *self, const volatile void *address, struct rt_look *look)
{
	return RT_LIKELY(!self->ignore_sync) && rt_sync_look((uintptr_t)address, look);
}

static inline __attribute__((always_inline)) bool rt_atomic_looked(struct rt_thread *self,
	const struct rt_look *look, struct rt_site *site, const volatile void *address, size_t bytes,
	enum rt_order order)
{
	bool known = !look->sync || rt_message_is_known(self, &look->sync->exclusive);
	if (RT_LIKELY(known) ? !rt_look_holds(look) : !rt_atomic_take(self, look, order))
		return false;
	self->counts[RT_COUNTER_SYNC_OPERATIONS]++;
	if (!rt_atomic_is_there(address, bytes, false))
		rt_atomic_check(self, site, address, bytes, false);
	return true;
}

/* With the object held. Whether it did what it was to do: not a comparison that found another value. */
static inline __attribute__((always_inline)) bool rt_atomic_run_held(struct rt_thread *self,
	struct rt_site *site, const volatile void *address, size_t bytes, enum rt_atomic_kind kind,
	enum rt_order order, enum rt_order failure, rt_atomic_operation operation, void *argument)
{
	struct rt_sync_hold hold = rt_atomic_begin(self, site, address, kind, order);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	bool done = operation(argument);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (RT_UNLIKELY(!hold.guard))
		return done;
	if (done && kind != RT_ATOMIC_LOAD && rt_order_releases(order)) {
		rt_atomic_end_release(self, site, address, bytes, kind, order, &hold);
		return true;
	}
	kind = done ? kind : RT_ATOMIC_LOAD;
	rt_atomic_end(self, address, kind, done ? order : failure, hold.guard, hold.sync);
	if (!rt_atomic_is_there(address, bytes, kind != RT_ATOMIC_LOAD))
		rt_atomic_check(self, site, address, bytes, kind != RT_ATOMIC_LOAD);
	return done;
}

/* Where the address is in shared memory: what other processes publish there, and learn, goes with it. False: it is not. */
RT_HIDDEN RT_COLD bool rt_atomic_run_shared(struct rt_thread *self, struct rt_site *site,
	const volatile void *address, size_t bytes, enum rt_atomic_kind kind, enum rt_order order,
	enum rt_order failure, rt_atomic_operation operation, void *argument);

/* See engine.h. A load whose object nobody changes meanwhile needs no lock; else it is done again. */
static inline __attribute__((always_inline)) void rt_atomic_run(struct rt_thread *self, struct rt_site *site,
	const volatile void *address, size_t bytes, enum rt_atomic_kind kind, enum rt_order order,
	enum rt_order failure, rt_atomic_operation operation, void *argument)
{
	struct rt_look look;
	if (RT_UNLIKELY(rt_shared_count != 0) &&
		rt_atomic_run_shared(self, site, address, bytes, kind, order, failure, operation, argument))
		return;
	if (kind == RT_ATOMIC_LOAD && rt_atomic_look(self, address, &look)) {
		operation(argument);
		if (rt_atomic_looked(self, &look, site, address, bytes, order))
			return;
	}
	rt_atomic_run_held(self, site, address, bytes, kind, order, failure, operation, argument);
}

#endif
