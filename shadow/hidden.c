#include "hidden.h"

#include "sys.h"

enum {
	HIGH_DESCRIPTOR = 960, /* out of the way of programs that count on small numbers */
	F_DUPFD_CLOEXEC_VALUE = 1030,
};

struct hidden {
	bool is_set;
	int descriptor;
	uint64_t device, inode; /* what it stands for */
};

static struct hidden hidden[RT_HIDDEN_COUNT];

static bool identify(int descriptor, uint64_t *device, uint64_t *inode)
{
	struct {
		uint64_t device, inode, rest[16];
	} stat;
	if (rt_sys_failed(rt_syscall(__NR_fstat, descriptor, (long)&stat, 0, 0, 0, 0)))
		return false;
	*device = stat.device;
	*inode = stat.inode;
	return true;
}

static int move_high(int descriptor)
{
	long high = rt_syscall(__NR_fcntl, descriptor, F_DUPFD_CLOEXEC_VALUE, HIGH_DESCRIPTOR, 0, 0, 0);
	if (rt_sys_failed(high)) /* the limit is low: the next free number, away from the first few */
		high = rt_syscall(__NR_fcntl, descriptor, F_DUPFD_CLOEXEC_VALUE, 3, 0, 0, 0);
	if (rt_sys_failed(high))
		return descriptor;
	rt_sys_close(descriptor);
	return (int)high;
}

void rt_hidden_put(enum rt_hidden which, int descriptor)
{
	struct hidden *own = &hidden[which];
	own->is_set = false;
	if (descriptor < 0)
		return;
	own->descriptor = move_high(descriptor);
	own->is_set = identify(own->descriptor, &own->device, &own->inode);
}

int rt_hidden_get(enum rt_hidden which)
{
	const struct hidden *own = &hidden[which];
	uint64_t device, inode;
	bool ours = own->is_set && identify(own->descriptor, &device, &inode) && device == own->device &&
		    inode == own->inode;
	return ours ? own->descriptor : -1;
}

void rt_hidden_drop(enum rt_hidden which)
{
	int descriptor = rt_hidden_get(which);
	if (descriptor >= 0)
		rt_sys_close(descriptor);
	hidden[which].is_set = false;
}

bool rt_hidden_owns(int descriptor)
{
	for (unsigned i = 0; i < RT_HIDDEN_COUNT; i++)
		if (hidden[i].is_set && hidden[i].descriptor == descriptor)
			return true;
	return false;
}

void rt_hidden_make_way(int descriptor)
{
	for (unsigned i = 0; i < RT_HIDDEN_COUNT; i++)
		if (hidden[i].is_set && hidden[i].descriptor == descriptor)
			hidden[i].descriptor = move_high(descriptor);
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
