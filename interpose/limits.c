/* Limits of the process: it sees its address space without the detector's reservations. */
#include "wrap.h"
#include "shadow/sys.h"

_Static_assert(sizeof(struct rlimit) == sizeof(struct rlimit64), "one body for both");

/* The kernel's limit has our reservations added: this process image set it. One that was there at the start has not. */
static bool has_ours;

static rlim_t with_ours(rlim_t limit)
{
	return limit == RLIM_INFINITY || limit + rt_reserved_bytes() < limit ? limit
									     : limit + rt_reserved_bytes();
}

static rlim_t without_ours(rlim_t limit)
{
	return limit == RLIM_INFINITY || limit < rt_reserved_bytes() ? limit : limit - rt_reserved_bytes();
}

/* What the program believes that its limit is. */
static void show(struct rlimit *limit, bool ours)
{
	if (!ours)
		return;
	limit->rlim_cur = without_ours(limit->rlim_cur);
	limit->rlim_max = without_ours(limit->rlim_max);
}

/* What the kernel must be told. Where the hard limit has no room for ours, that is all there is: only root can raise it. */
static struct rlimit extend(struct rlimit limit)
{
	struct rlimit now = {RLIM_INFINITY, RLIM_INFINITY}, shown;
	rt_real.getrlimit(RLIMIT_AS, &now);
	shown = now;
	show(&shown, has_ours);
	bool raises = limit.rlim_max > shown.rlim_max;
	limit = (struct rlimit){with_ours(limit.rlim_cur), with_ours(limit.rlim_max)};
	if (!raises && limit.rlim_max > now.rlim_max)
		limit.rlim_max = now.rlim_max;
	if (!raises && limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	return limit;
}

/* What a lower limit would make impossible is done before. */
static void prepare_for(unsigned resource, rlim_t soft)
{
	struct rlimit now = {0, 0};
	if (resource != RLIMIT_AS && resource != RLIMIT_NOFILE && resource != RLIMIT_FSIZE)
		return;
	if (!rt_real.getrlimit(resource, &now) && soft < now.rlim_cur)
		rt_confine();
}

/* `limit` is the program's pointer: the kernel judges it where it is bad. `call` uses `told`. */
#define SET_LIMIT_BODY(is_own, limit, call)                                                                  \
	struct rlimit mine;                                                                                  \
	const void *told = limit;                                                                            \
	bool is_read = (is_own) && limit && rt_safe_read((uintptr_t)limit, &mine, sizeof(mine));             \
	bool ours = is_read && resource == RLIMIT_AS;                                                        \
	if (is_read)                                                                                         \
		prepare_for(resource, mine.rlim_cur);                                                        \
	if (ours && mine.rlim_cur <= mine.rlim_max) {                                                        \
		mine = extend(mine);                                                                         \
		told = &mine;                                                                                \
	}                                                                                                    \
	bool had_ours = has_ours;                                                                            \
	int result = call;                                                                                   \
	if (!result && ours)                                                                                 \
	has_ours = true

int rt_wrap_setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	SET_LIMIT_BODY(true, limit, rt_real.setrlimit(resource, told));
	(void)had_ours;
	return result;
}

int rt_wrap_setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit)
{
	SET_LIMIT_BODY(true, limit, rt_real.setrlimit64(resource, told));
	(void)had_ours;
	return result;
}

int rt_wrap_getrlimit(__rlimit_resource_t resource, struct rlimit *limit)
{
	int result = rt_real.getrlimit(resource, limit);
	if (!result && resource == RLIMIT_AS)
		show(limit, has_ours);
	return result;
}

int rt_wrap_getrlimit64(__rlimit_resource_t resource, struct rlimit64 *limit)
{
	int result = rt_real.getrlimit64(resource, limit);
	if (!result && resource == RLIMIT_AS)
		show((struct rlimit *)limit, has_ours);
	return result;
}

#define PRLIMIT_BODY(name)                                                                                   \
	bool own = !pid || pid == rt_sys_getpid();                                                           \
	SET_LIMIT_BODY(own, limit, rt_real.name(pid, resource, told, old));                                  \
	if (!result && own && resource == RLIMIT_AS && old)                                                  \
		show((struct rlimit *)old, had_ours);                                                        \
	return result

int rt_wrap_prlimit(
	pid_t pid, enum __rlimit_resource resource, const struct rlimit *limit, struct rlimit *old)
{
	PRLIMIT_BODY(prlimit);
}

int rt_wrap_prlimit64(
	pid_t pid, enum __rlimit_resource resource, const struct rlimit64 *limit, struct rlimit64 *old)
{
	PRLIMIT_BODY(prlimit64);
}
