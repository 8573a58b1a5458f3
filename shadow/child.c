#include "child.h"

#include "sys.h"

enum { WALL = 0x40000000, CLONE_UNTRACED_VALUE = 0x00800000, DESCRIPTORS_MOST = 4096 };

/* A debugger of the program would take a child without an exit signal for a thread, and its exec for the program's. */
long rt_child_start(void)
{
	return rt_syscall(__NR_clone, CLONE_UNTRACED_VALUE, 0, 0, 0, 0, 0);
}

int rt_child_wait(long child)
{
	int status = 0;
	long result;
	do
		result = rt_syscall(__NR_wait4, child, (long)&status, WALL, 0, 0, 0);
	while (result == -RT_EINTR);
	return rt_sys_failed(result) ? -1 : status;
}

void rt_child_end(int status)
{
	for (;;)
		rt_syscall(__NR_exit_group, status, 0, 0, 0, 0, 0);
}

void rt_child_close_from(int low)
{
	if (rt_sys_failed(rt_syscall(__NR_close_range, low, UINT32_MAX, 0, 0, 0, 0)))
		for (int fd = low; fd < DESCRIPTORS_MOST; fd++)
			rt_sys_close(fd);
}

bool rt_child_run(bool (*work)(void))
{
	long child = rt_child_start();
	if (rt_sys_failed(child))
		return false;
	if (!child) {
		rt_child_close_from(0);
		rt_child_end(!work());
	}
	return rt_child_wait(child) == 0;
}
