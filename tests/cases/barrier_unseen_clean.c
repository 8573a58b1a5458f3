// One of those who meet calls the C library's own function: the others are ordered, round after round. And who leaves a barrier
// last, after another one destroyed it, has met it.
#include <dlfcn.h>
#include "pair.h"

#define ROUNDS 50

static pthread_barrier_t barrier;
static int (*wait_unseen)(pthread_barrier_t *);
static int data[2];

static void *meet(void *argument)
{
	int me = (int)(intptr_t)argument;
	for (int round = 0; round < ROUNDS; round++) {
		if (me < 2)
			racetrack_write(&data[(me + round) % 2], sizeof *data);
		(me < 2 ? pthread_barrier_wait : wait_unseen)(&barrier);
	}
	return NULL;
}

static void *meet_once(void *argument)
{
	racetrack_write(&data[argument != NULL], sizeof *data);
	if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
		MUST(pthread_barrier_destroy(&barrier) == 0);
	racetrack_write(&data[argument == NULL], sizeof *data);
	return NULL;
}

int main(void)
{
	pthread_t threads[3];
	MUST((wait_unseen = dlsym(dlopen("libc.so.6", RTLD_NOW), "pthread_barrier_wait")) != NULL);
	MUST(pthread_barrier_init(&barrier, NULL, 3) == 0);
	for (int i = 0; i < 3; i++)
		MUST(pthread_create(&threads[i], NULL, meet, (void *)(intptr_t)i) == 0);
	for (int i = 0; i < 3; i++)
		MUST(pthread_join(threads[i], NULL) == 0);
	MUST(pthread_barrier_destroy(&barrier) == 0);
	for (int round = 0; round < ROUNDS; round++) {
		MUST(pthread_barrier_init(&barrier, NULL, 2) == 0);
		for (int i = 0; i < 2; i++)
			MUST(pthread_create(&threads[i], NULL, meet_once, i ? &data : NULL) == 0);
		for (int i = 0; i < 2; i++)
			MUST(pthread_join(threads[i], NULL) == 0);
	}
	return 0;
}
