// Who leaves a barrier may not free it at once; who has no part in it may not destroy it. The serial thread's destroying is a
// finding, too, as POSIX does not say that it waits for the others; but what comes after it is none.
#include <stdlib.h>
#include "pair.h"

static pthread_barrier_t *freed, destroyed;
static struct gate gate;

static void *worker(void *unused)
{
	pthread_barrier_wait(freed);      // race: race-free freed
	pthread_barrier_wait(&destroyed); // race: race-sync-object destroyed
	gate_open(&gate, 1);
	return unused;
}

static void *serial(void *argument)
{
	pthread_barrier_t *place = argument;
	if (pthread_barrier_wait(place) == PTHREAD_BARRIER_SERIAL_THREAD) { // race: race-sync-object serial
		pthread_barrier_destroy(place);                             // race: race-sync-object serial
		free(place);
	}
	return NULL;
}

static void meet_once(void)
{
	pthread_t threads[3];
	pthread_barrier_t *place = malloc(sizeof(*place));
	MUST(pthread_barrier_init(place, NULL, 3) == 0);
	for (int i = 0; i < 3; i++)
		MUST(pthread_create(&threads[i], NULL, serial, place) == 0);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
}

int main(void)
{
	pthread_t thread;
	meet_once();
	freed = malloc(sizeof(*freed));
	MUST(pthread_barrier_init(freed, NULL, 2) == 0);
	MUST(pthread_barrier_init(&destroyed, NULL, 1) == 0);
	MUST(pthread_create(&thread, NULL, worker, NULL) == 0);
	pthread_barrier_wait(freed);
	free(freed); // race: race-free freed
	gate_wait(&gate, 1);
	MUST(pthread_barrier_destroy(&destroyed) == 0); // race: race-sync-object destroyed
	pthread_join(thread, NULL);
	return 0;
}
