// All that a thread did happens before what follows its join, by every way to join; and creation orders too.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include "pair.h"
#include "times.h"

static struct gate gate;
static int data;

static void *work(void *argument)
{
	racetrack_write(&data, sizeof data);
	gate_wait(&gate, 1);
	return argument;
}

static int join(int way, pthread_t thread, void **result)
{
	switch (way) {
	case 0:
		return pthread_join(thread, result);
	case 1:
		return pthread_tryjoin_np(thread, result);
	case 2:
		return pthread_timedjoin_np(thread, result, far_ahead(CLOCK_REALTIME));
	default:
		return pthread_clockjoin_np(thread, result, CLOCK_MONOTONIC, far_ahead(CLOCK_MONOTONIC));
	}
}

int main(void)
{
	for (int way = 0; way < 4; way++) {
		pthread_t thread;
		void *result = NULL;
		gate.level = 0;
		racetrack_write(&data, sizeof data);
		MUST(pthread_create(&thread, NULL, work, &gate) == 0);
		MUST(pthread_setname_np(thread, "worker") == 0);
		MUST(pthread_tryjoin_np(thread, &result) == EBUSY);
		MUST(pthread_timedjoin_np(thread, &result, &passed) == ETIMEDOUT);
		MUST(pthread_clockjoin_np(thread, &result, CLOCK_MONOTONIC, &passed) == ETIMEDOUT);
		gate_open(&gate, 1);
		int error;
		while ((error = join(way, thread, &result)) == EBUSY)
			;
		MUST(error == 0 && result == &gate);
		racetrack_write(&data, sizeof data);
	}
	MUST(pthread_join(pthread_self(), NULL) == EDEADLK);
	puts("joined");
	return 0;
}
