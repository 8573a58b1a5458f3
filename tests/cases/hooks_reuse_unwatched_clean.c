// What was freed while two threads ran may be given out again while there is one only: that is no use after free.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 2000, ROUNDS = 3 };

static char *blocks[BLOCKS];

static void allocate(void)
{
	for (int i = 0; i < BLOCKS; i++) {
		blocks[i] = malloc((size_t)(16 + i % 7 * 40));
		if (!blocks[i])
			abort();
	}
}

static void *use_and_free(void *argument)
{
	for (int i = 0; i < BLOCKS; i++) {
		blocks[i][i % 16]++;
		free(blocks[i]);
	}
	return argument;
}

int main(void)
{
	for (int round = 0; round < ROUNDS; round++) {
		pthread_t thread;
		allocate();
		if (pthread_create(&thread, NULL, use_and_free, NULL))
			return 1;
		pthread_join(thread, NULL);
	}
	return 0;
}
