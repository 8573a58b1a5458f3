// A word in shared memory is one word, at whatever address and in whatever process: who is woken comes after who woke it.
#define _GNU_SOURCE
#include <linux/futex.h>
#include <sys/syscall.h>
#include "sides.h"

static char *here, *there;

static void wait_for(struct gate *gate)
{
	gate_open(gate, 1);
	MUST(syscall(SYS_futex, there + 128, FUTEX_WAIT, 0, NULL, NULL, 0) == 0);
	racetrack_write(there, 8);
	__asm__ volatile("" ::: "memory");
}

int main(void)
{
	struct gate *gate = make_gate();
	int fd = make_file("word", PAGE);
	here = map_shared(fd, 0, PAGE);
	there = map_shared(fd, 0, PAGE);
	pid_t child = fork();
	MUST(child >= 0);
	if (!child) {
		wait_for(gate);
		_exit(0);
	}
	gate_wait(gate, 1);
	racetrack_write(here, 8);
	while (syscall(SYS_futex, here + 128, FUTEX_WAKE, 1, NULL, NULL, 0) != 1)
		usleep(1000);
	end_side(child);
	return 0;
}
