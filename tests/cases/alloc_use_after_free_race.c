// cflags: -fno-builtin
// A block that one thread uses after another has freed it.
#define _GNU_SOURCE
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "steps.h"

static void *blocks[STEPS_MOST];
#define BLOCK (blocks[__LINE__])

static void *aligned(void)
{
	void *block = NULL;
	return posix_memalign(&block, 64, 40) ? NULL : block;
}

/* The first thread makes the block and frees it, the second one uses it. */
#define FREED_THEN_USED(make, free_it) STEP((BLOCK = (make), free_it, 0), (racetrack_read(BLOCK, 1), 0))

static void steps(void)
{
	FREED_THEN_USED(malloc(40), free(BLOCK));   // race: race-free
	FREED_THEN_USED(aligned(), free(BLOCK));    // race: race-free
	FREED_THEN_USED(malloc(4000), free(BLOCK)); // race: race-free
}

int main(void)
{
	steps_run();
	return 0;
}
