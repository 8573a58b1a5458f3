/* Into the engine and out of it: the fork gate, threads that nobody announced, signals and cancellation. */
#include "access.h"
#include "activation.h"
#include "counters.h"
#include "enter.h"
#include "slot.h"
#include "sync.h"
#include "sys.h"
#include "infer.h"
#include "thread_table.h"
#include "vectors.h"

__thread struct rt_thread *rt_self __attribute__((tls_model("initial-exec")));

/* ---- the fork gate ---- */

uint32_t rt_gate RT_AT_FORK = RT_GATE_FENCE;

/* Some thread was cancelled, or is about to be: before that nobody pays for being cancellable. */
static bool cancel_used;

static void wait_while_shut(void)
{
	uint32_t gate;
	while ((gate = __atomic_load_n(&rt_gate, __ATOMIC_SEQ_CST)) & RT_GATE_SHUT)
		rt_syscall(__NR_futex, (long)&rt_gate, FUTEX_WAIT, gate, 0, 0, 0);
}

static RT_COLD void wait_at_gate(struct rt_thread *self)
{
	__atomic_store_n(&self->at_gate, true, __ATOMIC_RELEASE);
	do {
		__atomic_store_n(&self->place, RT_OUTSIDE, __ATOMIC_RELEASE);
		wait_while_shut();
		__atomic_store_n(&self->place, RT_INSIDE, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	} while (__atomic_load_n(&rt_gate, __ATOMIC_SEQ_CST) & RT_GATE_SHUT);
	__atomic_store_n(&self->at_gate, false, __ATOMIC_RELEASE);
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
	while (__atomic_fetch_or(&rt_gate, RT_GATE_SHUT, __ATOMIC_SEQ_CST) & RT_GATE_SHUT)
		if (self)
			wait_at_gate(self);
		else
			wait_while_shut();
}

/* `self`: NULL for a thread that has no state yet. */
void rt_threads_stop(struct rt_thread *self)
{
	close_gate(self);
	rt_spin_lock(&rt_threads.spin); /* threads that are being adopted are inside, too */
	if (!(rt_gate & RT_GATE_FENCE))
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
	__atomic_fetch_and(&rt_gate, (uint32_t)~RT_GATE_SHUT, __ATOMIC_SEQ_CST);
	rt_spin_unlock(&rt_threads.spin);
	rt_syscall(__NR_futex, (long)&rt_gate, FUTEX_WAKE, INT32_MAX, 0, 0, 0);
}

void rt_thread_take(struct rt_thread *self)
{
	rt_hot_set_epoch(0);
	racetrack_hot.cells = rt_cells.linear;
	self->hot = &racetrack_hot;
	rt_activations_take(self);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	rt_self = self;
}

/* A thread that something other than pthread_create started: ordered after all that happened so far, which may hide a
 * race but invents none. */
static void adopt_into(void *result)
{
	struct rt_thread **adopted = result;
	struct rt_clock past = {0};
	uint64_t mask;
	rt_sys_signal_mask(
		RT_SIG_BLOCK, RT_SIGNALS_HELD, &mask); /* there is no place yet to say that it is inside */
	rt_threads_stop(NULL);
	for (struct rt_thread *other = rt_threads.live; other; other = rt_link_of(other)->next_live)
		if (other->state == RT_THREAD_LIVE)
			rt_clock_join(&past, &other->clock);
	struct rt_thread *self = rt_thread_new(&past, 0, 0, RT_THREAD_UNSEEN_START);
	if (self) {
		self->state = RT_THREAD_LIVE;
		self->place = RT_INSIDE;
		self->tid = rt_sys_gettid();
		struct rt_thread_info *info = rt_thread_info_of(self->id);
		if (info)
			info->tid = self->tid;
		for (struct rt_thread *other = rt_threads.live; other; other = rt_link_of(other)->next_live)
			rt_thread_made_release(other);
		rt_threads_unjoined(1);
		rt_count(RT_COUNTER_THREADS_UNSEEN);
		rt_thread_take(self);
	}
	rt_threads_resume();
	rt_clock_fini(&past);
	if (self)
		__atomic_store_n(&self->place, RT_OUTSIDE, __ATOMIC_RELEASE);
	rt_sys_signal_mask(RT_SIG_SETMASK, mask, NULL);
	*adopted = self;
}

static RT_COLD struct rt_thread *adopt(void)
{
	struct rt_thread *self = NULL;
	if (rt_threads.started)
		rt_vectors_kept(adopt_into, &self);
	return self;
}

void rt_enter_late(struct rt_thread *self)
{
	rt_vectors_kept(rt_infer_settle, self);
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
		rt_guard_unlock(self->operating);
	self->operating = NULL;
	*mask = self->signal_mask;
	self->signals_held = false;
	__atomic_store_n(&self->place, self->cancellable && cancel_used ? RT_OUTSIDE_CANCELLABLE : RT_OUTSIDE,
		__ATOMIC_RELEASE);
	return held;
}

void rt_leave_signals(struct rt_thread *self)
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

void rt_thread_decodes(struct rt_thread *self, bool decodes)
{
	self->decodes = decodes;
}

/* False: it is inside already. */
static RT_COLD bool enter_cancellable(struct rt_thread *self)
{
	uint64_t mask;
	if (self->place == RT_INSIDE) {
		if (!self->decodes)
			rt_count(RT_COUNTER_SIGNAL_NESTED);
		return false;
	}
	rt_sys_signal_mask(RT_SIG_BLOCK, RT_SIGNALS_HELD, &mask);
	rt_thread_hold_signals(self, mask);
	return true;
}

/* ---- entering and leaving ---- */

void rt_gate_pass(struct rt_thread *self)
{
	if (rt_gate & RT_GATE_FENCE)
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(&rt_gate, __ATOMIC_RELAXED) & RT_GATE_SHUT)
		wait_at_gate(self);
}

struct rt_thread *rt_enter_slow(void)
{
	struct rt_thread *self = rt_self;
	if (!self && !(self = adopt()))
		return NULL;
	if (self->place != RT_OUTSIDE && !enter_cancellable(self))
		return NULL;
	return self;
}

struct rt_thread *rt_enter(void)
{
	return rt_enter_here();
}

void rt_leave(struct rt_thread *self)
{
	rt_leave_here(self);
}

void rt_enter_init(void)
{
	if (rt_sys_failed(
		    rt_syscall(__NR_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0)))
		__atomic_fetch_or(&rt_gate, RT_GATE_FENCE, __ATOMIC_SEQ_CST);
	else
		__atomic_fetch_and(&rt_gate, (uint32_t)~RT_GATE_FENCE, __ATOMIC_SEQ_CST);
}
