/* A process that gives up its root, its user or its rights: the detector's files are opened before. */
#include "local_peer.h"
#include "wrap.h"
#include "shadow/reporter.h"

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

int rt_wrap_prctl(int option, ...)
{
	va_list list;
	unsigned long arguments[4];
	va_start(list, option);
	for (size_t i = 0; i < RT_COUNT(arguments); i++)
		arguments[i] = va_arg(list, unsigned long);
	va_end(list);
	if (option == PR_SET_DUMPABLE || option == PR_SET_SECCOMP)
		rt_confine();
	if (option == PR_SET_SECCOMP) {
		rt_reporter_forbid();
		rt_local_peer_forbid();
	}
	return rt_real.prctl(option, arguments[0], arguments[1], arguments[2], arguments[3]);
}
