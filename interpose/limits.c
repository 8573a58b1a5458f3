/* Limits of the process: it sees its address space, and of that what it may write, without the detector's reservations. */
#include "wrap.h"
#include "shadow/sys.h"

_Static_assert(sizeof(struct rlimit) == sizeof(struct rlimit64), "one body for both");

/* What the program meant, and what the kernel was told in its place, with our reservations added. Those grow. A limit that was
 * there at the start has none. */
static struct set {
	bool done;
	struct rlimit meant, told;
} set[RLIM_NLIMITS];

/* Reservations are private and can be written, so they count as data, too, though there is nothing in them. */
static bool counts_ours(unsigned resource)
{
	return resource == RLIMIT_AS || resource == RLIMIT_DATA;
}

static rlim_t with_ours(rlim_t limit)
{
	return limit == RLIM_INFINITY || limit + rt_reserved_bytes() < limit ? limit
									     : limit + rt_reserved_bytes();
}

static rlim_t without_ours(rlim_t limit)
{
	return limit == RLIM_INFINITY || limit < rt_reserved_bytes() ? limit : limit - rt_reserved_bytes();
}

/* What the program believes that its limit is. Another process may have changed it. */
static void show(const struct set *last, struct rlimit *limit)
{
	if (!last->done)
		return;
	limit->rlim_cur =
		limit->rlim_cur == last->told.rlim_cur ? last->meant.rlim_cur : without_ours(limit->rlim_cur);
	limit->rlim_max =
		limit->rlim_max == last->told.rlim_max ? last->meant.rlim_max : without_ours(limit->rlim_max);
}

/* What the kernel must be told. Where the hard limit has no room for ours, that is all there is: only root can raise it. */
static struct rlimit extend(unsigned resource, struct rlimit limit)
{
	struct rlimit now = {RLIM_INFINITY, RLIM_INFINITY}, shown;
	rt_real.getrlimit(resource, &now);
	shown = now;
	show(&set[resource], &shown);
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
	if (!counts_ours(resource) && resource != RLIMIT_NOFILE && resource != RLIMIT_FSIZE)
		return;
	if (!rt_real.getrlimit(resource, &now) && soft < now.rlim_cur)
		rt_confine();
}

/* `limit` is the program's pointer: the kernel judges it where it is bad. `call` uses `told`. */
#define SET_LIMIT_BODY(name, is_own, limit, call)                                                            \
	struct set next = {.done = true};                                                                    \
	const void *told = limit;                                                                            \
	bool is_read = (is_own) && limit && rt_safe_read((uintptr_t)limit, &next.meant, sizeof(next.meant)); \
	bool ours = is_read && counts_ours(resource);                                                        \
	if (is_read)                                                                                         \
		prepare_for(resource, next.meant.rlim_cur);                                                  \
	if (ours && next.meant.rlim_cur <= next.meant.rlim_max) {                                            \
		next.told = extend(resource, next.meant);                                                    \
		told = &next.told;                                                                           \
	}                                                                                                    \
	struct set last = (is_own) && counts_ours(resource) ? set[resource] : (struct set){0};               \
	int result = call;                                                                                   \
	if (!result && ours)                                                                                 \
		set[resource] = next;                                                                        \
	if (!result && limit)                                                                                \
	RT_TELL(name, RT_READS(limit, sizeof(*limit)))

int rt_wrap_setrlimit(__rlimit_resource_t resource, const struct rlimit *limit)
{
	SET_LIMIT_BODY(setrlimit, true, limit, rt_real.setrlimit(resource, told));
	(void)last;
	return result;
}

int rt_wrap_setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit)
{
	SET_LIMIT_BODY(setrlimit64, true, limit, rt_real.setrlimit64(resource, told));
	(void)last;
	return result;
}

#define GET_LIMIT_BODY(name)                                                                                 \
	int result = rt_real.name(resource, limit);                                                          \
	if (!result && counts_ours(resource))                                                                \
		show(&set[resource], (struct rlimit *)limit);                                                \
	if (!result)                                                                                         \
		RT_TELL(name, RT_WRITES(limit, sizeof(*limit)));                                             \
	return result

int rt_wrap_getrlimit(__rlimit_resource_t resource, struct rlimit *limit)
{
	GET_LIMIT_BODY(getrlimit);
}

int rt_wrap_getrlimit64(__rlimit_resource_t resource, struct rlimit64 *limit)
{
	GET_LIMIT_BODY(getrlimit64);
}

#define PRLIMIT_BODY(name)                                                                                   \
	bool own = !pid || pid == rt_sys_getpid();                                                           \
	SET_LIMIT_BODY(name, own, limit, rt_real.name(pid, resource, told, old));                            \
	if (!result && old)                                                                                  \
		show(&last, (struct rlimit *)old);                                                           \
	if (!result && old)                                                                                  \
		RT_TELL(name, RT_WRITES(old, sizeof(*old)));                                                 \
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
