// cflags: -fno-builtin
// Memory that one thread freed and another one got is fresh; so are the results of every allocator function.
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "pair.h"

#define BLOCKS 200

static void *make(int way, size_t bytes)
{
	void *block = NULL;
	switch (way) {
	case 0:
		return malloc(bytes);
	case 1:
		return calloc(bytes / 16, 16);
	case 2:
		return realloc(NULL, bytes);
	case 3:
		return memalign(256, bytes);
	case 4:
		return posix_memalign(&block, 512, bytes) ? NULL : block;
	case 5:
		return aligned_alloc(64, bytes);
	case 6:
		return reallocarray(NULL, bytes / 16, 16);
	case 7:
		return realloc(malloc(16), bytes);
	default:
		return valloc(bytes);
	}
}

/* Too large for the caches that each thread has: what one frees the other gets. */
static void use(void)
{
	void *blocks[BLOCKS];
	for (int i = 0; i < BLOCKS; i++) {
		blocks[i] = make(i % 9, 1600);
		MUST(blocks[i]);
		memset(blocks[i], i, 1600);
	}
	for (int i = 0; i < BLOCKS; i++)
		free(blocks[i]);
}

int main(void)
{
	mallopt(M_ARENA_MAX, 1);
	void *block = malloc(100);
	printf("%d\n", malloc_usable_size(block) >= 100 && malloc_usable_size(NULL) == 0);
	free(block);
	printf("%d\n", make(0, SIZE_MAX / 2) == NULL && calloc(SIZE_MAX, 2) == NULL);
	free(NULL);
	pair_run(use, use);
	return 0;
}
