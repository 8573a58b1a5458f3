/* Into the engine and out of it: the fork gate, threads that nobody announced, signals and cancellation. */
#include "access.h"
#include "counters.h"
#include "slot.h"
#include "sync.h"
#include "sys.h"
#include "thread_table.h"

__thread struct rt_thread *rt_self __attribute__((tls_model("initial-exec")));

/* ---- the fork gate ---- */

static uint32_t gate;
static bool gate_needs_fence = true; /* the kernel has no membarrier: rt_enter pays for the order itself */

/* Some thread was cancelled, or is about to be: before that nobody pays for being cancellable. */
static bool cancel_used;

static RT_COLD void wait_at_gate(struct rt_thread *self)
{
	do {
		__atomic_store_n(&self->place, RT_OUTSIDE, __ATOMIC_RELEASE);
		while (__atomic_load_n(&gate, __ATOMIC_SEQ_CST))
			rt_syscall(__NR_futex, (long)&gate, FUTEX_WAIT, 1, 0, 0, 0);
		__atomic_store_n(&self->place, RT_INSIDE, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	} while (__atomic_load_n(&gate, __ATOMIC_SEQ_CST));
	if (self->cancellable && cancel_used &&
		!self->signals_held) { /* it was what the gate was closed for */
		uint64_t mask;
		rt_sys_signal_mask(RT_SIG_BLOCK, RT_SIGNALS_HELD, &mask);
		rt_thread_hold_signals(self, mask);
	}
}

/* One at a time: whoever comes second is outside until the first is done, which waits for it. */
static void close_gate(struct rt_thread *self)
{
	uint32_t open = 0;
	while (!__atomic_compare_exchange_n(&gate, &open, 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
		wait_at_gate(self);
		open = 0;
	}
}

void rt_threads_stop(struct rt_thread *self)
{
	close_gate(self);
	rt_spin_lock(&rt_threads.spin); /* threads that are being adopted are inside, too */
	if (!gate_needs_fence)
		rt_syscall(__NR_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0);
	rt_spin_unlock(&rt_threads.spin);
	for (;;) {
		bool busy = false;
		rt_spin_lock(&rt_threads.spin);
		for (struct rt_thread *other = rt_threads.live; other; other = rt_link_of(other)->next_live)
			if (other != self && __atomic_load_n(&other->place, __ATOMIC_SEQ_CST) == RT_INSIDE &&
				(other->state == RT_THREAD_LIVE &&
					rt_sys_thread_lives(rt_sys_getpid(), other->tid)))
				busy = true;
		if (!busy)
			return; /* with the threads' lock held */
		rt_spin_unlock(&rt_threads.spin);
		rt_sys_yield();
	}
}

void rt_threads_resume(void)
{
	__atomic_store_n(&gate, 0, __ATOMIC_SEQ_CST);
	rt_spin_unlock(&rt_threads.spin);
	rt_syscall(__NR_futex, (long)&gate, FUTEX_WAKE, INT32_MAX, 0, 0, 0);
}

void rt_thread_take(struct rt_thread *self)
{
	racetrack_hot.epoch = 0;
	racetrack_hot.cells = rt_cells.linear;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	rt_self = self;
}

/* A thread that something other than pthread_create started: ordered after all that happened so far, which may hide a
 * race but invents none. */
static RT_COLD struct rt_thread *adopt(void)
{
	if (!rt_threads.started)
		return NULL;
	struct rt_clock past = {0};
	uint64_t mask;
	rt_sys_signal_mask(
		RT_SIG_BLOCK, RT_SIGNALS_HELD, &mask); /* there is no place yet to say that it is inside */
	rt_spin_lock(&rt_threads.spin);
	for (struct rt_thread *other = rt_threads.live; other; other = rt_link_of(other)->next_live)
		if (other->state == RT_THREAD_LIVE)
			rt_clock_set(&past, other->slot, rt_slot_epoch(other->slot));
	struct rt_thread *self = rt_thread_new(&past, 0, 0, RT_THREAD_UNSEEN_START);
	if (self) {
		self->state = RT_THREAD_LIVE;
		self->place = RT_INSIDE;
		self->tid = rt_sys_gettid();
		struct rt_thread_info *info = rt_thread_info_of(self->id);
		if (info)
			info->tid = self->tid;
		for (struct rt_thread *other = rt_threads.live; other; other = rt_link_of(other)->next_live)
			other->tick_pending = true;
		rt_threads_unjoined(1);
		rt_count(RT_COUNTER_THREADS_UNSEEN);
		rt_thread_take(self);
	}
	rt_spin_unlock(&rt_threads.spin);
	rt_clock_fini(&past);
	if (self)
		__atomic_store_n(&self->place, RT_OUTSIDE, __ATOMIC_RELEASE);
	rt_sys_signal_mask(RT_SIG_SETMASK, mask, NULL);
	return self;
}

/* ---- signals ---- */

void rt_thread_hold_signals(struct rt_thread *self, uint64_t mask)
{
	if (!self->signals_held || (mask & RT_SIGNALS_HELD) != RT_SIGNALS_HELD)
		self->signal_mask = mask;
	self->signals_held = true;
}

bool rt_thread_step_out(struct rt_thread *self, uint64_t *mask)
{
	bool held = self->signals_held;
	if (self->operating)
		rt_sync_unlock_key(self->operating);
	self->operating = 0;
	*mask = self->signal_mask;
	self->signals_held = false;
	__atomic_store_n(&self->place, self->cancellable && cancel_used ? RT_OUTSIDE_CANCELLABLE : RT_OUTSIDE,
		__ATOMIC_RELEASE);
	return held;
}

static RT_COLD void release_signals(struct rt_thread *self)
{
	uint64_t mask;
	rt_thread_step_out(self, &mask);
	rt_sys_signal_mask(RT_SIG_SETMASK, mask, NULL);
}

void rt_thread_cancellable(struct rt_thread *self, bool is)
{
	self->cancellable = is;
	self->place = is && cancel_used ? RT_OUTSIDE_CANCELLABLE : RT_OUTSIDE;
}

void rt_thread_cancelling(void)
{
	struct rt_thread *self = cancel_used ? NULL : rt_enter();
	if (!self)
		return;
	rt_threads_stop(self);
	__atomic_store_n(&cancel_used, true, __ATOMIC_SEQ_CST);
	for (struct rt_thread *other = rt_threads.live; other; other = rt_link_of(other)->next_live)
		if (other->cancellable && other->place == RT_OUTSIDE && other != self)
			other->place = RT_OUTSIDE_CANCELLABLE;
	rt_threads_resume();
	rt_leave(self);
	if (self->cancellable)
		self->place = RT_OUTSIDE_CANCELLABLE;
}

/* False: it is inside already. */
static RT_COLD bool enter_cancellable(struct rt_thread *self)
{
	uint64_t mask;
	if (self->place == RT_INSIDE) {
		rt_count(RT_COUNTER_SIGNAL_NESTED);
		return false;
	}
	rt_sys_signal_mask(RT_SIG_BLOCK, RT_SIGNALS_HELD, &mask);
	rt_thread_hold_signals(self, mask);
	return true;
}

/* ---- entering and leaving ---- */

struct rt_thread *rt_enter(void)
{
	struct rt_thread *self = rt_self;
	if (RT_UNLIKELY(!self) && !(self = adopt()))
		return NULL;
	if (RT_UNLIKELY(self->place != RT_OUTSIDE) && !enter_cancellable(self))
		return NULL;
	*(volatile uint8_t *)&self->place = RT_INSIDE;
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (RT_UNLIKELY(gate_needs_fence))
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (RT_UNLIKELY(__atomic_load_n(&gate, __ATOMIC_RELAXED)))
		wait_at_gate(self);
	return self;
}

void rt_leave(struct rt_thread *self)
{
	__atomic_store_n(&self->place, RT_OUTSIDE, __ATOMIC_RELEASE);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (RT_UNLIKELY(self->signals_held))
		release_signals(self);
}

void rt_enter_init(void)
{
	gate_needs_fence = rt_sys_failed(
		rt_syscall(__NR_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0));
}
