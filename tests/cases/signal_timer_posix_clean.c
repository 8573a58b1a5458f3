// Who sets a timer of POSIX's happens before the handler of its signal, in whichever thread that runs; and before the function
// that the C library calls.
#define _GNU_SOURCE
#include <signal.h>
#include <time.h>
#include <unistd.h>
#include "pair.h"

static int by_signal, by_alarm, by_function;
static volatile sig_atomic_t came;
static struct gate called;

static void handle(int number)
{
	int *value = number == SIGUSR1 ? &by_signal : &by_alarm;
	racetrack_write(value, sizeof(*value));
	came = 1;
}

static void call(union sigval value)
{
	racetrack_write(value.sival_ptr, sizeof(by_function));
	gate_open(&called, 1);
}

static void block(int how, int number)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, number);
	MUST(!pthread_sigmask(how, &set, NULL));
}

static timer_t make(int how, int number)
{
	timer_t timer;
	struct sigevent event = {.sigev_notify = how, .sigev_signo = number};
	if (how == SIGEV_THREAD) {
		event.sigev_notify_function = call;
		event.sigev_value.sival_ptr = &by_function;
	}
	MUST(!timer_create(CLOCK_MONOTONIC, number == SIGALRM ? NULL : &event, &timer));
	return timer;
}

static void set(timer_t timer, int *value)
{
	const struct itimerspec soon = {.it_value = {.tv_nsec = 1000000}};
	racetrack_write(value, sizeof(*value));
	MUST(!timer_settime(timer, 0, &soon, NULL));
}

static timer_t timers[3];

static void set_timers(void)
{
	timers[0] = make(SIGEV_SIGNAL, SIGUSR1);
	timers[1] = make(SIGEV_SIGNAL, SIGALRM);
	timers[2] = make(SIGEV_THREAD, 0);
	set(timers[0], &by_signal);
	set(timers[1], &by_alarm);
	set(timers[2], &by_function);
	gate_wait(&called, 1);
}

static void wait_for(int number)
{
	came = 0;
	block(SIG_UNBLOCK, number);
	while (!came)
		usleep(1000);
}

static void take_signals(void)
{
	wait_for(SIGUSR1);
	wait_for(SIGALRM);
}

int main(void)
{
	signal(SIGUSR1, handle);
	signal(SIGALRM, handle);
	block(SIG_BLOCK, SIGUSR1);
	block(SIG_BLOCK, SIGALRM);
	pair_run(set_timers, take_signals);
	for (int i = 0; i < 3; i++)
		MUST(!timer_delete(timers[i]));
	return 0;
}
