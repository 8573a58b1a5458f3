// A thread that was created detached, and one whose creator ended first.
#include "pair.h"

static struct gate gate;
static int data;

static void *work(void *unused)
{
	gate_wait(&gate, 1);
	racetrack_write(&data, sizeof data); // race: race-data a
	gate_open(&gate, 2);
	return unused;
}

static void *create(void *unused)
{
	pthread_t thread;
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	MUST(pthread_create(&thread, &attributes, work, NULL) == 0);
	pthread_attr_destroy(&attributes);
	return unused;
}

int main(void)
{
	pthread_t thread;
	MUST(pthread_create(&thread, NULL, create, NULL) == 0);
	MUST(pthread_join(thread, NULL) == 0);
	gate_open(&gate, 1);
	gate_wait(&gate, 2);
	racetrack_write(&data, sizeof data); // race: race-data a
	return 0;
}
