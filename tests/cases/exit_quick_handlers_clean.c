// What a thread did before it registered a handler of quick_exit happens before that runs.
#include "pair.h"

static struct gate registered;
static int data;

static void end_quickly(void)
{
	racetrack_write(&data, sizeof data);
}

static void *work(void *unused)
{
	racetrack_write(&data, sizeof data);
	MUST(at_quick_exit(end_quickly) == 0);
	gate_open(&registered, 1);
	gate_wait(&registered, 2);
	return unused;
}

int main(void)
{
	pthread_t thread;
	MUST(pthread_create(&thread, NULL, work, NULL) == 0);
	gate_wait(&registered, 1);
	quick_exit(0);
}
