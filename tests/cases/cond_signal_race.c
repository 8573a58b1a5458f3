// A signal by itself orders nothing: what the signaller does outside the mutex races with what the waiter does there.
#include "pair.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int ready, after_unlock;
static struct gate gate;

static void *wait_for_it(void *unused)
{
	MUST(pthread_mutex_lock(&mutex) == 0);
	while (!ready)
		MUST(pthread_cond_wait(&condition, &mutex) == 0);
	MUST(pthread_mutex_unlock(&mutex) == 0);
	gate_wait(&gate, 1);
	racetrack_write(&after_unlock, sizeof after_unlock); // race: race-data a
	return unused;
}

static void *signal_it(void *unused)
{
	MUST(pthread_mutex_lock(&mutex) == 0);
	ready = 1;
	MUST(pthread_mutex_unlock(&mutex) == 0);
	racetrack_write(&after_unlock, sizeof after_unlock); // race: race-data a
	MUST(pthread_cond_signal(&condition) == 0);
	gate_open(&gate, 1);
	return unused;
}

int main(void)
{
	pthread_t waiter, signaller;
	MUST(pthread_create(&waiter, NULL, wait_for_it, NULL) == 0);
	MUST(pthread_create(&signaller, NULL, signal_it, NULL) == 0);
	MUST(pthread_join(waiter, NULL) == 0);
	MUST(pthread_join(signaller, NULL) == 0);
	return 0;
}
