/* What the machine is, what the process has used, and whose it is. */
#include "result.h"
#include "shadow/sys.h"

int rt_wrap_uname(struct utsname *to)
{
	RT_RESULT_BODY(uname, rt_real.uname(to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_sysinfo(struct sysinfo *to)
{
	RT_RESULT_BODY(sysinfo, rt_real.sysinfo(to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_getrusage(__rusage_who_t who, struct rusage *to)
{
	RT_RESULT_BODY(getrusage, rt_real.getrusage(who, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_getloadavg(double to[], int count)
{
	RT_RESULT_BODY(getloadavg, rt_real.getloadavg(to, count), result > 0,
		RT_WRITES(to, (size_t)result * sizeof(*to)));
}

int rt_wrap_getcpu(unsigned int *cpu, unsigned int *node)
{
	RT_RESULT_BODY(getcpu, rt_real.getcpu(cpu, node), !result, {
		RT_WRITES_VALUE(cpu);
		RT_WRITES_VALUE(node);
	});
}

int rt_wrap_mincore(void *from, size_t bytes, unsigned char *to)
{
	RT_RESULT_BODY(mincore, rt_real.mincore(from, bytes, to), !result,
		RT_WRITES(to, (bytes + RT_PAGE_BYTES - 1) / RT_PAGE_BYTES));
}

int rt_wrap_getgroups(int room, gid_t to[])
{
	RT_RESULT_BODY(getgroups, rt_real.getgroups(room, to), result > 0 && room,
		RT_WRITES(to, (size_t)result * sizeof(*to)));
}

int rt_wrap_getgrouplist(const char *user, gid_t group, gid_t *to, int *count)
{
	RT_RESULT_BODY(getgrouplist, rt_real.getgrouplist(user, group, to, count), *count > 0, {
		RT_READS_TEXT(user);
		RT_WRITES_VALUE(count);
		if (result >= 0)
			RT_WRITES(to, (size_t)result * sizeof(*to));
	});
}

int rt_wrap_getresuid(uid_t *real, uid_t *effective, uid_t *saved)
{
	RT_RESULT_BODY(getresuid, rt_real.getresuid(real, effective, saved), !result, {
		RT_WRITES_VALUE(real);
		RT_WRITES_VALUE(effective);
		RT_WRITES_VALUE(saved);
	});
}

int rt_wrap_getresgid(gid_t *real, gid_t *effective, gid_t *saved)
{
	RT_RESULT_BODY(getresgid, rt_real.getresgid(real, effective, saved), !result, {
		RT_WRITES_VALUE(real);
		RT_WRITES_VALUE(effective);
		RT_WRITES_VALUE(saved);
	});
}

size_t rt_wrap_confstr(int name, char *to, size_t room)
{
	RT_RESULT_BODY(confstr, rt_real.confstr(name, to, room), result && to && room,
		RT_WRITES(to, result < room ? result : room));
}

int rt_wrap_getdomainname(char *to, size_t room)
{
	RT_RESULT_BODY(getdomainname, rt_real.getdomainname(to, room), !result, RT_WRITES_STRING(to));
}

int rt_wrap_getlogin_r(char *to, size_t room)
{
	RT_RESULT_BODY(getlogin_r, rt_real.getlogin_r(to, room), !result, RT_WRITES_STRING(to));
}

int rt_wrap_ptsname_r(int fd, char *to, size_t room)
{
	RT_FD_RESULT_BODY(ptsname_r, fd, rt_real.ptsname_r(fd, to, room), !result, RT_WRITES_STRING(to));
}
