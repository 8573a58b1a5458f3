#include "hidden.h"

#include "sys.h"

enum {
	HIGH_DESCRIPTOR = 960, /* out of the way of programs that count on small numbers */
	F_DUPFD_CLOEXEC_VALUE = 1030,
	RLIMIT_NOFILE_VALUE = 7,
};

struct limit {
	uint64_t soft, hard;
};

struct hidden {
	bool is_set;
	int descriptor;
	struct rt_sys_identity identity;
};

static RT_AT_FORK struct hidden hidden[RT_HIDDEN_COUNT];

static struct limit get_limit(void)
{
	struct limit limit = {0, 0};
	rt_syscall(__NR_prlimit64, 0, RLIMIT_NOFILE_VALUE, 0, (long)&limit, 0, 0);
	return limit;
}

static void set_soft_limit(struct limit limit, uint64_t soft)
{
	limit.soft = soft;
	rt_syscall(__NR_prlimit64, 0, RLIMIT_NOFILE_VALUE, (long)&limit, 0, 0, 0);
}

/* To the first number at or above the soft limit, which the program can't reach; where the limit can't be raised for that,
 * to a high number below it. -1: nowhere. */
static int move_high(int descriptor, struct limit limit)
{
	uint64_t least = limit.soft;
	if (limit.hard <= limit.soft)
		least = limit.soft && limit.soft - 1 < HIGH_DESCRIPTOR ? limit.soft - 1 : HIGH_DESCRIPTOR;
	long high = rt_syscall(__NR_fcntl, descriptor, F_DUPFD_CLOEXEC_VALUE, (long)least, 0, 0, 0);
	rt_sys_close(descriptor);
	return rt_sys_failed(high) ? -1 : (int)high;
}

bool rt_hidden_open(enum rt_hidden which, int (*open)(void *argument), void *argument)
{
	struct hidden fresh = {.is_set = false};
	struct limit limit = get_limit();
	bool raised = limit.soft < limit.hard;
	if (raised)
		set_soft_limit(limit, limit.hard);
	fresh.descriptor = open(argument);
	if (fresh.descriptor >= 0)
		fresh.descriptor = move_high(fresh.descriptor, limit);
	if (raised)
		set_soft_limit(limit, limit.soft);
	if (fresh.descriptor < 0)
		return false;
	fresh.is_set = rt_sys_identify(fresh.descriptor, &fresh.identity);
	rt_hidden_drop(which);
	hidden[which] = fresh;
	return fresh.is_set;
}

int rt_hidden_get(enum rt_hidden which)
{
	const struct hidden *own = &hidden[which];
	struct rt_sys_identity now;
	bool ours = own->is_set && rt_sys_identify(own->descriptor, &now) &&
		    now.device == own->identity.device && now.inode == own->identity.inode;
	return ours ? own->descriptor : -1;
}

void rt_hidden_drop(enum rt_hidden which)
{
	int descriptor = rt_hidden_get(which);
	if (descriptor >= 0)
		rt_sys_close(descriptor);
	if (hidden[which].is_set)
		hidden[which].is_set = false;
}

bool rt_hidden_owns(int descriptor)
{
	for (unsigned i = 0; i < RT_HIDDEN_COUNT; i++)
		if (hidden[i].is_set && hidden[i].descriptor == descriptor)
			return true;
	return false;
}

static void move_away(struct hidden *own)
{
	struct limit limit = get_limit();
	bool raised = limit.soft < limit.hard;
	if (raised)
		set_soft_limit(limit, limit.hard);
	long high =
		rt_syscall(__NR_fcntl, own->descriptor, F_DUPFD_CLOEXEC_VALUE, own->descriptor + 1, 0, 0, 0);
	if (rt_sys_failed(high))
		high = rt_syscall(__NR_fcntl, own->descriptor, F_DUPFD_CLOEXEC_VALUE, 3, 0, 0, 0);
	if (raised)
		set_soft_limit(limit, limit.soft);
	rt_sys_close(own->descriptor);
	own->is_set = !rt_sys_failed(high);
	own->descriptor = (int)high;
}

void rt_hidden_make_way(int descriptor)
{
	for (unsigned i = 0; i < RT_HIDDEN_COUNT; i++)
		if (hidden[i].is_set && hidden[i].descriptor == descriptor)
			move_away(&hidden[i]);
}

int rt_hidden_next(int low)
{
	int next = -1;
	for (unsigned i = 0; i < RT_HIDDEN_COUNT; i++)
		if (hidden[i].is_set && hidden[i].descriptor >= low &&
			(next < 0 || hidden[i].descriptor < next))
			next = hidden[i].descriptor;
	return next;
}
