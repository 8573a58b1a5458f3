// cflags: -fno-builtin
// Children that are made without fork's handlers, while another thread is inside the detector most of the time.
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

enum { CHILDREN = 30 };

static struct gate end;
static _Alignas(64) char stack[64 << 10];

/* Nothing that takes a lock of the C library's: the child would find it taken. */
static void work(unsigned i)
{
	char from[64] = {0}, to[64];
	memcpy(to, from, i % sizeof(to));
	racetrack_write(to, sizeof(to));
}

static void *busy(void *argument)
{
	for (unsigned i = 0; !__atomic_load_n(&end.level, __ATOMIC_RELAXED); i++)
		work(i);
	return argument;
}

static int child(void *argument)
{
	for (unsigned i = 0; i < 100; i++)
		work(i);
	_exit(*(int *)argument);
}

static void must_end(pid_t pid)
{
	int status;
	MUST(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

int main(void)
{
	pthread_t thread;
	int status = 7;
	MUST(pthread_create(&thread, NULL, busy, NULL) == 0);
	for (int i = 0; i < CHILDREN; i++) {
		must_end(clone(child, stack + sizeof(stack), SIGCHLD, &status));
		pid_t pid = _Fork();
		if (!pid)
			child(&status);
		must_end(pid);
	}
	__atomic_store_n(&end.level, 1, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	return 0;
}
