// A new thread finds its own handle where its creator has it stored; a join that fails, or asks for nothing, writes nothing.
#define _GNU_SOURCE
#include <errno.h>
#include "pair.h"

enum { THREADS = 8 };

static struct gate gate;
static pthread_t handles[THREADS];
static void *result;

static void *work(void *argument)
{
	pthread_t *own = argument;
	racetrack_read(own, sizeof *own);
	MUST(pthread_equal(*own, pthread_self()));
	racetrack_write(&result, sizeof result);
	gate_open(&gate, 1);
	gate_wait(&gate, 2);
	return argument;
}

int main(void)
{
	for (int i = 0; i < THREADS; i++) {
		gate.level = 0;
		MUST(pthread_create(&handles[i], NULL, work, &handles[i]) == 0);
		gate_wait(&gate, 1);
		MUST(pthread_tryjoin_np(handles[i], &result) == EBUSY);
		gate_open(&gate, 2);
		if (i % 2)
			MUST(pthread_join(handles[i], NULL) == 0);
		else
			MUST(pthread_join(handles[i], &result) == 0 && result == &handles[i]);
	}
	return 0;
}
