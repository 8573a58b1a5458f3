// Who meets in one round of a barrier is not ordered with who meets in the next one.
#include "pair.h"

static pthread_barrier_t barrier;
static struct gate first_left, second_left;
static int data, other;

static void *meet_early(void *gate)
{
	if (gate == &first_left)
		racetrack_write(&data, sizeof data); // race: race-data rounds
	pthread_barrier_wait(&barrier);
	if (gate == &second_left)
		racetrack_write(&other, sizeof other); // race: race-data after
	gate_open((struct gate *)gate, 1);
	return NULL;
}

static void *meet_late(void *writes)
{
	gate_wait(&first_left, 1);
	gate_wait(&second_left, 1);
	pthread_barrier_wait(&barrier);
	if (writes) {
		racetrack_write(&data, sizeof data);   // race: race-data rounds
		racetrack_write(&other, sizeof other); // race: race-data after
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[4];
	MUST(pthread_barrier_init(&barrier, NULL, 2) == 0);
	MUST(pthread_create(&threads[0], NULL, meet_early, &first_left) == 0);
	MUST(pthread_create(&threads[1], NULL, meet_early, &second_left) == 0);
	MUST(pthread_create(&threads[2], NULL, meet_late, NULL) == 0);
	MUST(pthread_create(&threads[3], NULL, meet_late, &data) == 0);
	for (int i = 0; i < 4; i++)
		MUST(pthread_join(threads[i], NULL) == 0);
	MUST(pthread_barrier_destroy(&barrier) == 0);
	return 0;
}
