// Who leaves a barrier may destroy it, but not free it at once; who has no part in it may not destroy it.
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

int main(void)
{
	pthread_t thread;
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
