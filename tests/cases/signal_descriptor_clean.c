// Who sends a signal, in whatever way, happens before who reads it from a descriptor, and before who waits for it.
#define _GNU_SOURCE
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "steps.h"

enum { SIGNALS = 8 };

static int readers[SIGNALS], number, process;

static sigset_t *only(int i)
{
	static sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + i);
	return &set;
}

static void take(int i)
{
	struct signalfd_siginfo got[2];
	MUST(read(readers[i], got, sizeof(got)) == sizeof(*got) &&
		got[0].ssi_signo == (unsigned)SIGRTMIN + i);
}

static void wait_for(int i)
{
	MUST(sigwait(only(i), &number) == 0);
}

static void steps(void)
{
	HANDS(kill(getpid(), SIGRTMIN + 1), take(1));
	HANDS(kill(0, SIGRTMIN + 2), take(2));
	HANDS(kill(-getpgrp(), SIGRTMIN + 3), wait_for(3));
	HANDS(sigqueue(getpid(), SIGRTMIN + 4, (union sigval){.sival_int = 4}), take(4));
	HANDS(MUST(!pidfd_send_signal(process, SIGRTMIN + 5, NULL, 0)), take(5));
	HANDS(MUST(!pidfd_send_signal(process, SIGRTMIN + 6, NULL, 0)), wait_for(6));
	HANDS(MUST(!syscall(SYS_kill, getpid(), SIGRTMIN + 7)), take(7));
}

int main(void)
{
	sigset_t set;
	sigemptyset(&set);
	setpgid(0, 0);
	for (int i = 1; i < SIGNALS; i++) {
		sigaddset(&set, SIGRTMIN + i);
		readers[i] = signalfd(-1, only(i), 0);
	}
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	process = pidfd_open(getpid(), 0);
	MUST(process >= 0);
	steps_run();
	return 0;
}
