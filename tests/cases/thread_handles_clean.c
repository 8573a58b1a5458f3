// Threads that are created while others are joined: a handle is another thread's as soon as its thread was joined.
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include "pair.h"

enum { MAKERS = 8, ROUNDS = 60, WORKERS = 4 };

static void *worker(void *argument)
{
	for (int i = 0; i < 20; i++) {
		char *block = malloc(2000);
		memset(block, 1, 2000);
		free(block);
	}
	return argument;
}

static void *maker(void *argument)
{
	pthread_t threads[WORKERS];
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < WORKERS; i++)
			MUST(pthread_create(&threads[i], NULL, worker, NULL) == 0);
		for (int i = 0; i < WORKERS; i++)
			MUST(pthread_join(threads[i], NULL) == 0);
	}
	return argument;
}

int main(void)
{
	pthread_t threads[MAKERS];
	for (int i = 0; i < MAKERS; i++)
		MUST(pthread_create(&threads[i], NULL, maker, NULL) == 0);
	for (int i = 0; i < MAKERS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
