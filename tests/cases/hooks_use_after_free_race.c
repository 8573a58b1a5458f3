/* A use of a block after its free, in order: no race, and wrong all the same. */
#include "pair.h"

#include <string.h>

int *block;
char copy[4];

static void *free_it(void *argument)
{
	(void)argument;
	free(block); // race: use-after-free plain; use-after-free copied
	return NULL;
}

/* While it lives, two threads do. */
static void *wait_for_end(void *gate)
{
	gate_wait((struct gate *)gate, 1);
	return NULL;
}

int main(void)
{
	pthread_t idle, thread;
	struct gate gate = {0};
	block = malloc(64);
	MUST(!pthread_create(&thread, NULL, free_it, NULL));
	MUST(!pthread_create(&idle, NULL, wait_for_end, &gate));
	pthread_join(thread, NULL);
	block[1] = 1;                          // race: use-after-free plain
	memcpy(copy, &block[3], sizeof(copy)); // race: use-after-free copied
	gate_open(&gate, 1);
	pthread_join(idle, NULL);
	return 0;
}
