// Two threads of C11 that nothing orders.
#include <threads.h>
#include "pair.h"

static struct gate gate;
static int data;

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

int main(void)
{
	thrd_t threads[2];
	MUST(thrd_create(&threads[0], early, NULL) == thrd_success);
	MUST(thrd_create(&threads[1], late, NULL) == thrd_success);
	MUST(thrd_join(threads[0], NULL) == thrd_success);
	MUST(thrd_join(threads[1], NULL) == thrd_success);
	return 0;
}
