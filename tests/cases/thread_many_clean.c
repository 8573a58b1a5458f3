// More threads than any small limit, one after the other and many at once.
#include "pair.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct gate gate;
static int data;

static void *touch(void *unused)
{
	MUST(pthread_mutex_lock(&mutex) == 0);
	racetrack_write(&data, sizeof data);
	MUST(pthread_mutex_unlock(&mutex) == 0);
	return unused;
}

static void *touch_late(void *unused)
{
	gate_wait(&gate, 1);
	return touch(unused);
}

int main(void)
{
	pthread_t threads[400];
	for (int i = 0; i < 2000; i++) {
		MUST(pthread_create(&threads[0], NULL, touch, NULL) == 0);
		MUST(pthread_join(threads[0], NULL) == 0);
		racetrack_write(&data, sizeof data);
	}
	for (int i = 0; i < 400; i++)
		MUST(pthread_create(&threads[i], NULL, touch_late, NULL) == 0);
	gate_open(&gate, 1);
	for (int i = 0; i < 400; i++)
		MUST(pthread_join(threads[i], NULL) == 0);
	racetrack_write(&data, sizeof data);
	return 0;
}
