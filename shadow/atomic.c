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

static void take_in(struct rt_thread *self, const struct rt_sync *sync, enum rt_order order)
{
	if (!sync)
		return;
	if (is_acquire(order))
		rt_message_take(self, &sync->exclusive);
	else if (!rt_message_is_known(self, &sync->exclusive))
		rt_message_merge(&self->seen, &sync->exclusive);
}

/* `over`: the new value has nothing to do with the old one. `knows`: the thread has taken the old one's message in. */
static void publish(struct rt_thread *self, struct rt_sync *sync, enum rt_order order, bool over, bool knows)
{
	bool release = is_release(order), own = sync->head == self->id;
	if (over && !release && !own)
		rt_message_clear(&sync->exclusive);
	if (rt_message_is_empty(&sync->exclusive) || (over && release))
		sync->head = self->id;
	else if (!own && (release || !rt_message_is_empty(&self->published)))
		sync->head = 0;
	if (release)
		rt_message_put(self, &sync->exclusive, over || knows);
	else
		rt_message_merge(&sync->exclusive, &self->published);
}

/* True when there are races to report, in *access, once the object is unlocked. */
static bool check(struct rt_access *access, struct rt_thread *self, struct rt_site *site,
	const volatile void *address, size_t bytes, bool write)
{
	enum rt_access_kind kind = write ? RT_ATOMIC_WRITE : RT_ATOMIC_READ;
	if (rt_site_is_announced(site) && rt_access_word(self, (uintptr_t)address, bytes, kind, site->pc))
		return false;
	return rt_access_check(access, self, site, address, bytes, kind, RT_CLASS_DATA);
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
	struct rt_access access;
	bool races, publishes = kind != RT_ATOMIC_LOAD &&
				(is_release(order) || !rt_message_is_empty(&self->published));
	self->counts[RT_COUNTER_SYNC_OPERATIONS]++;
	if (kind == RT_ATOMIC_LOAD && rt_sync_load_known(self, key, operation, argument)) {
		if (RT_UNLIKELY(check(&access, self, site, address, bytes, false)))
			rt_access_report(&access);
		return;
	}
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
	races = check(&access, self, site, address, bytes, kind != RT_ATOMIC_LOAD);
	if (kind != RT_ATOMIC_LOAD && sync)
		publish(self, sync, order, kind == RT_ATOMIC_STORE,
			kind == RT_ATOMIC_CHANGE && is_acquire(order));
	rt_sync_unlock_key(key);
	if (RT_UNLIKELY(races))
		rt_access_report(&access);
}

void rt_fence(struct rt_thread *self, enum rt_order order)
{
	if (!rt_watching || self->ignore_sync)
		return;
	if (is_acquire(order)) {
		rt_message_take(self, &self->seen);
		rt_message_clear(&self->seen);
	}
	if (is_release(order))
		rt_message_put(self, &self->published, true);
}
