/* Setting actions, sending signals, waiting for them. */
#include "descriptor.h"
#include "signal_order.h"
#include "signal_stubs.h"

#include "wrap.h"
#include "shadow/sys.h"
#include "shadow/thread.h"

#define RELEASES(number) rt_signal_sent(self, &site, rt_sys_getpid(), number)

#define ACTION_BODY(name)                                                                                    \
	RT_TELL(name, {                                                                                      \
		if (action) {                                                                                \
			RT_READS(action, sizeof(*action));                                                   \
			RELEASES(number);                                                                    \
		}                                                                                            \
	});                                                                                                  \
	int result = rt_signal_set_action(number, action, old);                                              \
	if (!result && old)                                                                                  \
		RT_TELL(name, RT_WRITES(old, sizeof(*old)));                                                 \
	return result

int rt_wrap_sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
	ACTION_BODY(sigaction);
}

int rt_wrap___sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
	ACTION_BODY(__sigaction);
}

/* ---- older ways: what the C library makes of them, by sigaction ---- */

static uint64_t interrupting; /* by siginterrupt: signal() does not set SA_RESTART */

static bool is_refused(int number, __sighandler_t handler)
{
	if (handler != SIG_ERR && number >= 1 && number < NSIG)
		return false;
	errno = EINVAL;
	return true;
}

static __sighandler_t set_handler(int number, __sighandler_t handler, uint64_t mask, int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, old;
	*(uint64_t *)(void *)&action.sa_mask = mask;
	return rt_signal_set_action(number, &action, &old) ? SIG_ERR : old.sa_handler;
}

static __sighandler_t set_bsd(int number, __sighandler_t handler)
{
	if (is_refused(number, handler))
		return SIG_ERR;
	uint64_t bit = rt_signal_bit(number);
	bool interrupts = __atomic_load_n(&interrupting, __ATOMIC_RELAXED) & bit;
	return set_handler(number, handler, bit, interrupts ? 0 : SA_RESTART);
}

static __sighandler_t set_sysv(int number, __sighandler_t handler)
{
	if (is_refused(number, handler))
		return SIG_ERR;
	return set_handler(number, handler, 0, (int)(SA_RESETHAND | SA_NODEFER | SA_INTERRUPT));
}

#define SIGNAL_BODY(name, set)                                                                               \
	RT_TELL(name, RELEASES(number));                                                                     \
	return set(number, handler)

__sighandler_t rt_wrap_signal(int number, __sighandler_t handler)
{
	SIGNAL_BODY(signal, set_bsd);
}

__sighandler_t rt_wrap_bsd_signal(int number, __sighandler_t handler)
{
	SIGNAL_BODY(bsd_signal, set_bsd);
}

__sighandler_t rt_wrap_ssignal(int number, __sighandler_t handler)
{
	SIGNAL_BODY(ssignal, set_bsd);
}

__sighandler_t rt_wrap_sysv_signal(int number, __sighandler_t handler)
{
	SIGNAL_BODY(sysv_signal, set_sysv);
}

__sighandler_t rt_wrap___sysv_signal(int number, __sighandler_t handler)
{
	SIGNAL_BODY(__sysv_signal, set_sysv);
}

static __sighandler_t set_and_unblock(int number, __sighandler_t handler)
{
	struct sigaction now;
	uint64_t before;
	if (is_refused(number, SIG_DFL)) /* any handler goes */
		return SIG_ERR;
	uint64_t bit = rt_signal_bit(number);
	if (handler == SIG_HOLD) {
		rt_sys_signal_mask(RT_SIG_BLOCK, bit, &before);
		if (before & bit)
			return SIG_HOLD;
		return rt_signal_set_action(number, NULL, &now) ? SIG_ERR : now.sa_handler;
	}
	__sighandler_t old = set_handler(number, handler, 0, 0);
	if (old == SIG_ERR)
		return old;
	rt_sys_signal_mask(RT_SIG_UNBLOCK, bit, &before);
	return before & bit ? SIG_HOLD : old;
}

__sighandler_t rt_wrap_sigset(int number, __sighandler_t handler)
{
	SIGNAL_BODY(sigset, set_and_unblock);
}

int rt_wrap_siginterrupt(int number, int interrupts)
{
	int result = rt_real.siginterrupt(number, interrupts);
	if (!result && interrupts)
		__atomic_fetch_or(&interrupting, rt_signal_bit(number), __ATOMIC_RELAXED);
	else if (!result)
		__atomic_fetch_and(&interrupting, ~rt_signal_bit(number), __ATOMIC_RELAXED);
	return result;
}

/* ---- sending ---- */

#define SEND_BODY(name, to, call)                                                                            \
	RT_TELL(name, rt_signal_sent(self, &site, to, number));                                              \
	return call

int rt_wrap_kill(pid_t process, int number)
{
	SEND_BODY(kill, process, rt_real.kill(process, number));
}

int rt_wrap_killpg(pid_t group, int number)
{
	SEND_BODY(killpg, -group, rt_real.killpg(group, number));
}

int rt_wrap_tgkill(pid_t process, pid_t thread, int number)
{
	SEND_BODY(tgkill, process, rt_real.tgkill(process, thread, number));
}

int rt_wrap_sigqueue(pid_t process, int number, const union sigval value)
{
	SEND_BODY(sigqueue, process, rt_real.sigqueue(process, number, value));
}

int rt_wrap_pthread_kill(pthread_t thread, int number)
{
	SEND_BODY(pthread_kill, rt_sys_getpid(), rt_real.pthread_kill(thread, number));
}

int rt_wrap_pthread_sigqueue(pthread_t thread, int number, const union sigval value)
{
	SEND_BODY(pthread_sigqueue, rt_sys_getpid(), rt_real.pthread_sigqueue(thread, number, value));
}

int rt_wrap_pidfd_send_signal(int process, int number, siginfo_t *info, unsigned int flags)
{
	RT_TELL(pidfd_send_signal, {
		int to = rt_descriptor_process(process);
		rt_number_use(self, &site, process);
		if (to > 0)
			rt_signal_sent(self, &site, to, number);
	});
	return rt_real.pidfd_send_signal(process, number, info, flags);
}

/* ---- waiting ---- */

int rt_wrap_sigwait(const sigset_t *set, int *number)
{
	int error = rt_real.sigwait(set, number);
	if (!error) {
		rt_signal_take_over(*number, NULL);
		RT_TELL(sigwait, RT_WRITES(number, sizeof(*number)));
	}
	return error;
}

/* `call` has `to` for the information, which the program need not ask for. */
#define WAIT_INFO_BODY(name, call)                                                                           \
	siginfo_t unasked, *to = info ? info : &unasked;                                                     \
	int number = call;                                                                                   \
	if (number > 0) {                                                                                    \
		rt_signal_take_over(number, to);                                                             \
		if (info)                                                                                    \
			RT_TELL(name, RT_WRITES(info, sizeof(*info)));                                       \
	}                                                                                                    \
	return number

int rt_wrap_sigwaitinfo(const sigset_t *set, siginfo_t *info)
{
	WAIT_INFO_BODY(sigwaitinfo, rt_real.sigwaitinfo(set, to));
}

int rt_wrap_sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *most)
{
	RT_TELL_GIVEN(sigtimedwait, most);
	WAIT_INFO_BODY(sigtimedwait, rt_real.sigtimedwait(set, to, most));
}
