// Who sets a timer happens before the handler of its signal, in whichever thread that runs.
#define _GNU_SOURCE
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>
#include "pair.h"

static int by_timer, by_alarm;
static volatile sig_atomic_t came;

static void handle(int number)
{
	int *value = number == SIGVTALRM ? &by_timer : &by_alarm;
	racetrack_write(value, sizeof(*value));
	came = 1;
}

static void block(int how)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	sigaddset(&set, SIGVTALRM);
	MUST(!pthread_sigmask(how, &set, NULL));
}

static void set_timers(void)
{
	struct itimerval soon = {.it_value = {.tv_usec = 1000}};
	racetrack_write(&by_timer, sizeof(by_timer));
	MUST(!setitimer(ITIMER_VIRTUAL, &soon, NULL));
	racetrack_write(&by_alarm, sizeof(by_alarm));
	alarm(1);
}

/* The time of the process has to pass for one of them. */
static void wait_for(int number)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, number);
	came = 0;
	MUST(!pthread_sigmask(SIG_UNBLOCK, &set, NULL));
	while (!came)
		;
}

static void take_signals(void)
{
	wait_for(SIGVTALRM);
	wait_for(SIGALRM);
}

int main(void)
{
	signal(SIGALRM, handle);
	signal(SIGVTALRM, handle);
	block(SIG_BLOCK);
	pair_run(set_timers, take_signals);
	return 0;
}
