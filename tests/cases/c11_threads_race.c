// Threads of C11 that nothing orders, joined and detached.
#include <threads.h>
#include "pair.h"

static struct gate gate;
static int data, detached;

static int early(void *unused)
{
	racetrack_write(&data, sizeof data); // race: race-data a
	gate_open(&gate, 1);
	return unused != NULL;
}

static int late(void *unused)
{
	gate_wait(&gate, 1);
	racetrack_write(&data, sizeof data); // race: race-data a
	return unused != NULL;
}

static int alone(void *unused)
{
	racetrack_write(&detached, sizeof detached); // race: race-data detached
	gate_open(&gate, 2);
	return unused != NULL;
}

int main(void)
{
	thrd_t threads[2];
	MUST(thrd_create(&threads[0], early, NULL) == thrd_success);
	MUST(thrd_create(&threads[1], late, NULL) == thrd_success);
	MUST(thrd_join(threads[0], NULL) == thrd_success);
	MUST(thrd_join(threads[1], NULL) == thrd_success);
	MUST(thrd_create(&threads[0], alone, NULL) == thrd_success);
	MUST(thrd_detach(threads[0]) == thrd_success);
	gate_wait(&gate, 2);
	racetrack_write(&detached, sizeof detached); // race: race-data detached
	return 0;
}
