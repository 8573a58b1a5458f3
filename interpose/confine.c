/* A process that gives up its root, its user or its rights: the detector's files are opened before. */
#include "confine.h"

#include "local_peer.h"
#include "wrap.h"
#include "shadow/filter.h"
#include "shadow/owner.h"
#include "shadow/reporter.h"

#include <asm/unistd.h>
#include <linux/seccomp.h>

#define CONFINE_BODY(call)                                                                                   \
	rt_confine();                                                                                        \
	return call

int rt_wrap_chroot(const char *path)
{
	CONFINE_BODY(rt_real.chroot(path));
}

int rt_wrap_setuid(uid_t user)
{
	CONFINE_BODY(rt_real.setuid(user));
}

int rt_wrap_seteuid(uid_t user)
{
	CONFINE_BODY(rt_real.seteuid(user));
}

int rt_wrap_setreuid(uid_t real, uid_t effective)
{
	CONFINE_BODY(rt_real.setreuid(real, effective));
}

int rt_wrap_setresuid(uid_t real, uid_t effective, uid_t saved)
{
	CONFINE_BODY(rt_real.setresuid(real, effective, saved));
}

int rt_wrap_setgid(gid_t group)
{
	CONFINE_BODY(rt_real.setgid(group));
}

int rt_wrap_setegid(gid_t group)
{
	CONFINE_BODY(rt_real.setegid(group));
}

int rt_wrap_setregid(gid_t real, gid_t effective)
{
	CONFINE_BODY(rt_real.setregid(real, effective));
}

int rt_wrap_setresgid(gid_t real, gid_t effective, gid_t saved)
{
	CONFINE_BODY(rt_real.setresgid(real, effective, saved));
}

/* ---- filters of system calls ---- */

/* What is needed later is had now. */
static struct rt_filter *restrict_calls(void)
{
	rt_confine();
	rt_reporter_forbid();
	rt_local_peer_forbid();
	struct rt_thread *self = rt_enter();
	struct rt_filter *filter = self ? rt_filter_prepare() : NULL;
	if (self) {
		rt_owners_end(self);
		rt_leave(self);
	}
	return filter;
}

static void calls_restricted(struct rt_filter *filter, bool installed, const struct sock_fprog *program)
{
	if (!filter)
		return;
	if (installed) {
		rt_filter_installed(filter, program);
		return;
	}
	struct rt_thread *self = rt_enter();
	if (!self)
		return;
	rt_filter_drop(filter);
	rt_leave(self);
}

long rt_confine_seccomp(const long arguments[6])
{
	enum { OPERATION, FLAGS, PROGRAM };
	const bool restricts = arguments[OPERATION] == SECCOMP_SET_MODE_FILTER ||
			       arguments[OPERATION] == SECCOMP_SET_MODE_STRICT;
	struct rt_filter *filter = restricts ? restrict_calls() : NULL;
	long result = rt_real.syscall(__NR_seccomp, arguments[OPERATION], arguments[FLAGS],
		arguments[PROGRAM], arguments[3], arguments[4], arguments[5]);
	/* A descriptor of a listener, or the number of a thread that could not be made to follow. */
	bool installed = !result || (result > 0 && arguments[FLAGS] & SECCOMP_FILTER_FLAG_NEW_LISTENER);
	calls_restricted(filter, installed && arguments[OPERATION] == SECCOMP_SET_MODE_FILTER,
		(const struct sock_fprog *)arguments[PROGRAM]);
	return result;
}

int rt_wrap_prctl(int option, ...)
{
	va_list list;
	unsigned long arguments[4];
	va_start(list, option);
	for (size_t i = 0; i < RT_COUNT(arguments); i++)
		arguments[i] = va_arg(list, unsigned long);
	va_end(list);
	if (option == PR_SET_DUMPABLE)
		rt_confine();
	struct rt_filter *filter = option == PR_SET_SECCOMP ? restrict_calls() : NULL;
	int result = rt_real.prctl(option, arguments[0], arguments[1], arguments[2], arguments[3]);
	if (option == PR_SET_SECCOMP)
		calls_restricted(filter, !result && arguments[0] == SECCOMP_MODE_FILTER,
			(const struct sock_fprog *)arguments[1]);
	return result;
}
