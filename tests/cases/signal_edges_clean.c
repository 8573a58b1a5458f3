// Who sets an action or sends a signal happens before the handler, and before the return of who waits for the signal.
#define _GNU_SOURCE
#include <signal.h>
#include <unistd.h>
#include "steps.h"

static struct timespec moment = {1, 0};
static siginfo_t info;
static int number, to_main[3];
static pthread_t main_thread;
static struct gate taken;

static void handle(int n)
{
	number = n;
}

/* One number a line: SIGRTMIN + i, blocked everywhere. */
static sigset_t *only(int i)
{
	static sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + i);
	return &set;
}

/* The handler runs here. */
static void let_in(int i)
{
	number = 0;
	pthread_sigmask(SIG_UNBLOCK, only(i), NULL);
	MUST(number == SIGRTMIN + i);
}

static void set_action(int i)
{
	struct sigaction action = {.sa_handler = handle};
	MUST(sigaction(SIGRTMIN + i, &action, NULL) == 0);
}

#define VALUE ((union sigval){.sival_int = 1})

static void steps(void)
{
	HANDS(kill(getpid(), SIGRTMIN + 1), sigwait(only(1), &number));
	HANDS(killpg(getpgrp(), SIGRTMIN + 2), sigwaitinfo(only(2), &info));
	HANDS(sigqueue(getpid(), SIGRTMIN + 3, VALUE), sigtimedwait(only(3), &info, &moment));
	HANDS(kill(getpid(), SIGRTMIN + 4), let_in(4));
	HANDS(set_action(5), (raise(SIGRTMIN + 5), let_in(5)));
	HANDS(signal(SIGRTMIN + 6, handle), (raise(SIGRTMIN + 6), let_in(6)));
}

/* To a thread: the main one. */
static void *send_to_main(void *unused)
{
	racetrack_write(&to_main[0], sizeof *to_main);
	MUST(tgkill(getpid(), getpid(), SIGRTMIN + 7) == 0);
	gate_wait(&taken, 1);
	racetrack_write(&to_main[1], sizeof *to_main);
	MUST(pthread_kill(main_thread, SIGRTMIN + 8) == 0);
	gate_wait(&taken, 2);
	racetrack_write(&to_main[2], sizeof *to_main);
	MUST(pthread_sigqueue(main_thread, SIGRTMIN + 9, VALUE) == 0);
	gate_wait(&taken, 3);
	return unused;
}

static void take_in_main(void)
{
	pthread_t sender;
	MUST(pthread_create(&sender, NULL, send_to_main, NULL) == 0);
	for (int i = 0; i < 3; i++) {
		MUST(sigwait(only(7 + i), &number) == 0);
		racetrack_write(&to_main[i], sizeof *to_main);
		gate_open(&taken, i + 1);
	}
	pthread_join(sender, NULL);
}

int main(void)
{
	setpgid(0, 0);
	main_thread = pthread_self();
	for (int i = 1; i < 10; i++) {
		set_action(i);
		pthread_sigmask(SIG_BLOCK, only(i), NULL);
	}
	steps_run();
	take_in_main();
	return 0;
}
