/* Asynchronous cancellation: a signal whose handler is the C library's. */
#include "signal_stubs.h"
#include "wrap.h"
#include "shadow/sys.h"
#include "shadow/thread.h"

#include <linux/futex.h>

enum { CANCEL_SIGNAL = 32 };

/* ---- the C library's handler, under one of our stubs ---- */

/* The helper has to live, and to stay what it is: it calls nothing, no signal reaches it, and it is cancelled in vain. */
static void *wait_at(void *gate)
{
	while (!__atomic_load_n((uint32_t *)gate, __ATOMIC_ACQUIRE))
		rt_syscall(__NR_futex, (long)gate, FUTEX_WAIT, 0, 0, 0, 0);
	return NULL;
}

/* The C library sets its handler in the first pthread_cancel, just before it sends the signal: so somebody is cancelled first
 * whom it does not hurt. */
static void make_library_set_it(void)
{
	uint32_t gate = 0;
	uint64_t mask;
	pthread_t helper;
	rt_sys_signal_mask(RT_SIG_BLOCK, UINT64_MAX, &mask);
	if (!rt_real.pthread_create(&helper, NULL, wait_at, &gate)) {
		rt_real.pthread_cancel(helper);
		__atomic_store_n(&gate, 1, __ATOMIC_RELEASE);
		rt_syscall(__NR_futex, (long)&gate, FUTEX_WAKE, 1, 0, 0, 0);
		rt_real.pthread_join(helper, NULL);
	}
	rt_sys_signal_mask(RT_SIG_SETMASK, mask, NULL);
}

/* It unwinds from what it interrupted, which may be a clone: see rewrite/resume.c. Once; others wait until it is done. */
static RT_COLD void take_action(void)
{
	enum { NOT_YET, UNDER_WAY, DONE };
	static uint32_t state;
	uint32_t before = NOT_YET;
	if (RT_LIKELY(__atomic_load_n(&state, __ATOMIC_ACQUIRE) == DONE))
		return;
	if (!__atomic_compare_exchange_n(
		    &state, &before, UNDER_WAY, false, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
		while (__atomic_load_n(&state, __ATOMIC_ACQUIRE) != DONE)
			rt_sys_yield();
		return;
	}
	make_library_set_it();
	rt_signal_take_action(CANCEL_SIGNAL);
	__atomic_store_n(&state, DONE, __ATOMIC_RELEASE);
}

/* ---- */

/* The C library's own handler would unwind out of the engine: such a thread holds its signals while it is inside. */
int rt_wrap_pthread_setcanceltype(int type, int *old)
{
	RT_TELL_ALWAYS(pthread_setcanceltype, (void)0); /* the thread has a state from here on, if it can */
	if (rt_self && type == PTHREAD_CANCEL_ASYNCHRONOUS)
		rt_thread_cancellable(rt_self, true);
	int error = rt_real.pthread_setcanceltype(type, old);
	if (rt_self && !error && type != PTHREAD_CANCEL_ASYNCHRONOUS)
		rt_thread_cancellable(rt_self, false);
	if (!error && old)
		RT_TELL(pthread_setcanceltype, RT_WRITES(old, sizeof(*old)));
	return error;
}

int rt_wrap_pthread_cancel(pthread_t thread)
{
	rt_thread_cancelling();
	if (rt_rewrite_is_on())
		take_action();
	return rt_real.pthread_cancel(thread);
}
