// hostile: a library that was preloaded before the detector looks on at malloc and free
// library: -DNDEBUG
// run: TRACK="${0%/*}/libcompanion.so:$TRACK"
// expect: race-free
// times: 3
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "pair.h"

long allocator_calls(void);

static char *block, copy[64];

static void first(void)
{
	memcpy(copy, block, 50);
}

static void second(void)
{
	free(block);
}

int main(void)
{
	long before = allocator_calls();
	block = malloc(64);
	printf("%ld\n", allocator_calls() - before);
	memset(block, 1, 64);
	pair_run(first, second);
	return 0;
}
