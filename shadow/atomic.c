/* Atomic operations and fences: ISO C11 5.1.2.4 and 7.17.3-4.
 *
 * An atomic object's clock is what its present value publishes: the clocks of the releases whose release sequences the value
 * belongs to. A store begins anew, an atomic change goes on. As C11 has it a relaxed store goes on, too, where the thread
 * stores over its own release; C++20 says it does not. Where several threads' releases stand behind one value a relaxed
 * store ends them all, its own thread's with them: there C++20 is followed, because the clocks are not kept apart.
 *
 * A release fence leaves a copy of the clock, which relaxed stores and changes publish after it; relaxed loads collect what
 * an acquire fence then takes in. The order of seq_cst operations is no happens-before by itself. */
#include "access.h"
#include "clock.h"
#include "counters.h"
#include "sync.h"
#include "thread.h"

static bool is_acquire(enum rt_order order)
{
	return order != RT_ORDER_RELAXED && order != RT_ORDER_RELEASE;
}

static bool is_release(enum rt_order order)
{
	return order >= RT_ORDER_RELEASE;
}

static void collect(struct rt_clock *clock, const struct rt_clock *other)
{
	if (other->count && rt_clock_join(clock, other) == RT_JOIN_FAILED)
		rt_count(RT_COUNTER_NO_SYNC);
}

static void take_in(struct rt_thread *self, const struct rt_sync *sync, enum rt_order order)
{
	if (!sync || rt_message_is_known(self, &sync->exclusive))
		return;
	if (is_acquire(order))
		rt_message_take(self, &sync->exclusive);
	else
		collect(&self->seen, &sync->exclusive.clock);
}

/* `over`: the new value has nothing to do with the old one. */
static void publish(struct rt_thread *self, struct rt_sync *sync, enum rt_order order, bool over)
{
	bool release = is_release(order), own = sync->head == self->id;
	if (over && !release && !own)
		rt_message_clear(&sync->exclusive);
	if (rt_message_is_empty(&sync->exclusive) || (over && release))
		sync->head = self->id;
	else if (!own && (release || self->published.count))
		sync->head = 0;
	if (release)
		rt_message_put(self, &sync->exclusive, over);
	else
		rt_message_add(&sync->exclusive, &self->published);
}

/* Runs the operation with the object locked. A fault leaves the lock: see rt_thread_step_out. */
static bool operate(struct rt_thread *self, uint64_t key, rt_atomic_operation operation, void *argument)
{
	__atomic_store_n(&self->operating, key, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	bool done = operation(argument);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	return done;
}

void rt_atomic(struct rt_thread *self, struct rt_site *site, const volatile void *address, size_t bytes,
	enum rt_atomic_kind kind, enum rt_order order, enum rt_order failure, rt_atomic_operation operation,
	void *argument)
{
	if (!rt_watching || self->ignore_sync) {
		operation(argument);
		return;
	}
	uint64_t key = (uintptr_t)address;
	bool publishes = kind != RT_ATOMIC_LOAD && (is_release(order) || self->published.count);
	struct rt_sync *sync = publishes ? rt_sync_lock(self, site, key, "atomic") : rt_sync_lock_known(key);
	if (publishes && !sync) { /* no memory for it, which was counted */
		operation(argument);
		return;
	}
	bool done = operate(self, key, operation, argument);
	if (RT_UNLIKELY(
		    !self->operating)) { /* it went through after a fault, in which others had the object */
		rt_sync_lock_known(key);
		sync = NULL;
	}
	self->operating = 0;
	if (!done) {
		kind = RT_ATOMIC_LOAD;
		order = failure;
	}
	if (kind != RT_ATOMIC_STORE)
		take_in(self, sync, order);
	struct rt_access access;
	bool write = kind != RT_ATOMIC_LOAD;
	bool races = rt_access_check(
		&access, self, site, address, bytes, write ? RT_ATOMIC_WRITE : RT_ATOMIC_READ, RT_CLASS_DATA);
	if (write && sync)
		publish(self, sync, order, kind == RT_ATOMIC_STORE);
	rt_sync_unlock_key(key);
	self->counts[RT_COUNTER_SYNC_OPERATIONS]++;
	if (RT_UNLIKELY(races))
		rt_access_report(&access);
}

void rt_fence(struct rt_thread *self, enum rt_order order)
{
	if (!rt_watching || self->ignore_sync)
		return;
	if (is_acquire(order))
		rt_thread_learn(self, &self->seen);
	if (is_acquire(order))
		rt_clock_clear(&self->seen);
	if (is_release(order)) {
		rt_thread_publishing(self);
		if (!rt_clock_copy(&self->published, &self->clock))
			rt_count(RT_COUNTER_NO_SYNC);
		rt_thread_released(self);
	}
}
