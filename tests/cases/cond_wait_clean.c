// A wait on a condition gives the mutex back and takes it again: what the others did under it is ordered, both ways.
#define _GNU_SOURCE
#include <errno.h>
#include "pair.h"
#include "times.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int ready, before_wait, before_signal;
static struct gate gate;
static int (*wait_once)(void);

static int wait_plainly(void)
{
	return pthread_cond_wait(&condition, &mutex);
}

static int wait_timed(void)
{
	return pthread_cond_timedwait(&condition, &mutex, far_ahead(CLOCK_REALTIME));
}

static int wait_clocked(void)
{
	return pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, far_ahead(CLOCK_MONOTONIC));
}

/* Waits in vain first: the mutex is given back all the same, and the other thread may be done by then. */
static int wait_timed_out(void)
{
	int error = pthread_cond_timedwait(&condition, &mutex, &passed);
	MUST(error == ETIMEDOUT || ready);
	if (!ready)
		error = pthread_cond_clockwait(&condition, &mutex, CLOCK_MONOTONIC, &passed);
	MUST(error == ETIMEDOUT || ready);
	return ready ? 0 : wait_plainly();
}

static void *wait_for_it(void *unused)
{
	MUST(pthread_mutex_lock(&mutex) == 0);
	racetrack_write(&before_wait, sizeof before_wait);
	gate_open(&gate, 1);
	while (!ready)
		MUST(wait_once() == 0);
	racetrack_write(&before_signal, sizeof before_signal);
	MUST(pthread_mutex_unlock(&mutex) == 0);
	return unused;
}

static void *signal_it(void *unused)
{
	gate_wait(&gate, 1);
	/* the waiter holds the mutex until it waits */
	racetrack_write(&before_signal, sizeof before_signal);
	MUST(pthread_mutex_lock(&mutex) == 0);
	racetrack_write(&before_wait, sizeof before_wait);
	ready = 1;
	MUST(pthread_cond_signal(&condition) == 0);
	MUST(pthread_mutex_unlock(&mutex) == 0);
	return unused;
}

int main(void)
{
	int (*const ways[])(void) = {wait_plainly, wait_timed, wait_clocked, wait_timed_out};
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		pthread_t waiter, signaller;
		wait_once = ways[i];
		ready = 0;
		gate.level = 0;
		MUST(pthread_create(&waiter, NULL, wait_for_it, NULL) == 0);
		MUST(pthread_create(&signaller, NULL, signal_it, NULL) == 0);
		MUST(pthread_join(waiter, NULL) == 0);
		MUST(pthread_join(signaller, NULL) == 0);
	}
	return 0;
}
