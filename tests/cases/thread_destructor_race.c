// The destructors of a thread are part of it: they race with what nothing orders, and a join orders them.
#include "pair.h"

static pthread_key_t key;
static struct gate gate;
static int data, joined;

static void destroy(void *value)
{
	(void)value;
	racetrack_write(&joined, sizeof joined);
	racetrack_write(&data, sizeof data); // race: race-data a
	gate_open(&gate, 1);
}

static void *work(void *unused)
{
	pthread_setspecific(key, &key);
	return unused;
}

static void *late(void *unused)
{
	gate_wait(&gate, 1);
	racetrack_write(&data, sizeof data); // race: race-data a
	return unused;
}

int main(void)
{
	pthread_t threads[2];
	MUST(pthread_key_create(&key, destroy) == 0);
	MUST(pthread_create(&threads[1], NULL, late, NULL) == 0);
	MUST(pthread_create(&threads[0], NULL, work, NULL) == 0);
	MUST(pthread_join(threads[0], NULL) == 0);
	racetrack_write(&joined, sizeof joined);
	MUST(pthread_join(threads[1], NULL) == 0);
	return 0;
}
