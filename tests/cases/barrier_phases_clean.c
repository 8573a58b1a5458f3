// What comes before a barrier in all threads happens before what follows in all of them, round after round.
#include "pair.h"

#define THREADS 4
#define ROUNDS  50

static pthread_barrier_t barrier;
static int data[THREADS];

static void *work(void *argument)
{
	int me = (int)(intptr_t)argument;
	for (int round = 0; round < ROUNDS; round++) {
		racetrack_write(&data[(me + round) % THREADS], sizeof *data);
		int result = pthread_barrier_wait(&barrier);
		MUST(result == 0 || result == PTHREAD_BARRIER_SERIAL_THREAD);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	MUST(pthread_barrier_init(&barrier, NULL, THREADS) == 0);
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, work, (void *)(intptr_t)i) == 0);
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_join(threads[i], NULL) == 0);
	MUST(pthread_barrier_destroy(&barrier) == 0);
	return 0;
}
