// status: 7
// What was found is recorded completely: a thread ends the program while others go on.
#include <stdlib.h>
#include "pair.h"

static struct gate gate;
static int data;

static void touch(void)
{
	racetrack_write(&data, sizeof data); // race: race-data
}

static void *leave(void *unused)
{
	pair_run(touch, touch);
	exit(7);
	return unused;
}

static void *work(void *unused)
{
	for (;;)
		free(malloc(100));
	return unused;
}

int main(void)
{
	pthread_t thread;
	MUST(pthread_create(&thread, NULL, work, NULL) == 0);
	MUST(pthread_create(&thread, NULL, leave, NULL) == 0);
	gate_wait(&gate, 1);
	return 0;
}
