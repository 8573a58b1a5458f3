#include "signal_order.h"

#include "key.h"
#include "message_queue.h"
#include "wrap.h"
#include "shadow/sys.h"

static uint64_t own_key(int number)
{
	return rt_key_own(RT_KEY_SIGNAL, (uint64_t)number, 0);
}

static uint64_t common_key(enum rt_key_of what, int number, pid_t to)
{
	return rt_key_common(what, (uint64_t)number, (uint64_t)to);
}

static pid_t own_group(void)
{
	return (pid_t)rt_syscall(__NR_getpgid, 0, 0, 0, 0, 0, 0);
}

/* ---- sending ---- */

static void release_abroad(struct rt_thread *self, pid_t to, int number)
{
	if (!rt_sync_is_abroad())
		return;
	if (to > 0)
		rt_sync_release_abroad(self, common_key(RT_KEY_SIGNAL, number, to), RT_LOCK_EXCLUSIVE);
	else if (to < -1)
		rt_sync_release_abroad(self, common_key(RT_KEY_SIGNAL_GROUP, number, -to), RT_LOCK_EXCLUSIVE);
	else
		rt_sync_release_abroad(self, common_key(RT_KEY_SIGNAL_ALL, number, 0), RT_LOCK_EXCLUSIVE);
}

void rt_signal_sent(struct rt_thread *self, struct rt_site *site, pid_t to, int number)
{
	if (number <= 0 || number >= NSIG || rt_sync_ignored(self))
		return;
	pid_t process = rt_sys_getpid(), group = own_group();
	if (to == 0)
		to = -group;
	if (to == process || to == -group)
		rt_sync_release(self, site, own_key(number), "signal");
	if (to != process)
		release_abroad(self, to, number);
}

/* ---- coming ---- */

/* A group's signal tells no more of itself than one that was sent to this process. */
static void acquire_abroad(struct rt_thread *self, int number, int code)
{
	if (!rt_sync_is_abroad())
		return;
	rt_sync_acquire_abroad(self, common_key(RT_KEY_SIGNAL, number, rt_sys_getpid()), RT_LOCK_EXCLUSIVE);
	if (code != SI_USER)
		return;
	rt_sync_acquire_abroad(self, common_key(RT_KEY_SIGNAL_GROUP, number, own_group()), RT_LOCK_EXCLUSIVE);
	rt_sync_acquire_abroad(self, common_key(RT_KEY_SIGNAL_ALL, number, 0), RT_LOCK_EXCLUSIVE);
}

/* Codes above 0 are the kernel's own. */
static void tell_came(struct rt_thread *self, struct rt_site *site, int number, int code)
{
	if (number <= 0 || number >= NSIG || rt_sync_ignored(self))
		return;
	rt_sync_acquire(self, site, own_key(number), "signal");
	if (code == SI_MESGQ)
		rt_message_queue_notified(self, site, number);
	else if (code <= 0)
		acquire_abroad(self, number, code);
}

void rt_signal_take_over(int number, const siginfo_t *info)
{
	RT_TELL_CAME(sigaction, {
		struct rt_site nowhere = {.function = RT_FN_sigaction};
		tell_came(self, &nowhere, number, info ? info->si_code : SI_USER);
	});
}

void rt_signals_read(struct rt_thread *self, struct rt_site *site, const void *read, size_t bytes)
{
	const struct signalfd_siginfo *signals = read;
	for (size_t i = 0; i < bytes / sizeof(*signals); i++)
		tell_came(self, site, (int)signals[i].ssi_signo, signals[i].ssi_code);
}
