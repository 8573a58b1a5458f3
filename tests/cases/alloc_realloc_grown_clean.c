// cflags: -fno-builtin
// Threads that make blocks grow, in one heap: where a block stays, where it goes and its memory is another thread's at once.
#include <malloc.h>
#include <stdlib.h>
#include "pair.h"

enum { THREADS = 4, ROUNDS = 60, MOST = 6000 };

/* Blocks of all threads lie side by side, so that some can grow and some can't. */
static void *grow(void *argument)
{
	uint32_t chance = (uint32_t)(uintptr_t)argument;
	for (int round = 0; round < ROUNDS; round++) {
		char *blocks[3] = {NULL, NULL, NULL};
		size_t bytes[3] = {0, 0, 0};
		for (int i = 0; i < 60; i++) {
			chance = chance * 1103515245 + 12345;
			unsigned which = (chance >> 16) % 3;
			size_t more = bytes[which] + 1 + (chance >> 20) % (MOST / 40);
			blocks[which] = realloc(blocks[which], more);
			MUST(blocks[which]);
			racetrack_write(blocks[which] + bytes[which], more - bytes[which]);
			racetrack_read(blocks[which], more);
			bytes[which] = more;
		}
		for (int i = 0; i < 3; i++)
			free(blocks[i]);
	}
	return argument;
}

int main(void)
{
	pthread_t threads[THREADS];
	mallopt(M_ARENA_MAX, 1);
	for (uintptr_t i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, grow, (void *)(i + 1)) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
