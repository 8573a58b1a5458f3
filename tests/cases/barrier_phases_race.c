// Between two barriers nothing is ordered, and what follows a barrier is not ordered with what follows it elsewhere.
#include "pair.h"

static pthread_barrier_t barrier;
static struct gate gate;
static int before, after;

static void *early(void *unused)
{
	racetrack_write(&before, sizeof before); // race: race-data before
	gate_open(&gate, 1);
	pthread_barrier_wait(&barrier);
	racetrack_write(&after, sizeof after); // race: race-data after
	gate_open(&gate, 2);
	return unused;
}

static void *late(void *unused)
{
	gate_wait(&gate, 1);
	racetrack_write(&before, sizeof before); // race: race-data before
	pthread_barrier_wait(&barrier);
	gate_wait(&gate, 2);
	racetrack_write(&after, sizeof after); // race: race-data after
	return unused;
}

int main(void)
{
	pthread_t threads[2];
	MUST(pthread_barrier_init(&barrier, NULL, 2) == 0);
	MUST(pthread_create(&threads[0], NULL, early, NULL) == 0);
	MUST(pthread_create(&threads[1], NULL, late, NULL) == 0);
	MUST(pthread_join(threads[0], NULL) == 0);
	MUST(pthread_join(threads[1], NULL) == 0);
	return 0;
}
