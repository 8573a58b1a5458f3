// A detached thread is ordered after its creation and before nothing; a join that fails orders nothing.
#define _GNU_SOURCE
#include <errno.h>
#include "pair.h"
#include "times.h"

static struct gate gate, end;
static int data, early, other;

static void *work(void *unused)
{
	racetrack_write(&early, sizeof early);
	racetrack_write(&data, sizeof data); // race: race-data detached
	gate_open(&gate, 1);
	return unused;
}

static void *stay(void *unused)
{
	racetrack_write(&other, sizeof other); // race: race-data unjoined
	gate_open(&gate, 2);
	gate_wait(&end, 1);
	return unused;
}

int main(void)
{
	pthread_t thread;
	void *result;
	racetrack_write(&early, sizeof early);
	MUST(pthread_create(&thread, NULL, work, NULL) == 0);
	MUST(pthread_detach(thread) == 0);
	gate_wait(&gate, 1);
	racetrack_write(&data, sizeof data); // race: race-data detached
	MUST(pthread_create(&thread, NULL, stay, NULL) == 0);
	gate_wait(&gate, 2);
	MUST(pthread_tryjoin_np(thread, &result) == EBUSY);
	MUST(pthread_timedjoin_np(thread, &result, &passed) == ETIMEDOUT);
	MUST(pthread_clockjoin_np(thread, &result, CLOCK_MONOTONIC, &passed) == ETIMEDOUT);
	racetrack_write(&other, sizeof other); // race: race-data unjoined
	gate_open(&end, 1);
	MUST(pthread_join(thread, NULL) == 0);
	return 0;
}
