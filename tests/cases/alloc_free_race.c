// cflags: -fno-builtin
// A block that one thread frees while another used it, whatever it was made by.
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

/* The first thread makes the block and uses it, the second one frees it. */
#define USED_THEN_FREED(make, free_it) STEP((BLOCK = (make), racetrack_write(BLOCK, 1), 0), (free_it, 0))
static void steps(void)
{
	USED_THEN_FREED(malloc(40), free(BLOCK));                          // race: race-free
	USED_THEN_FREED(calloc(4, 10), free(BLOCK));                       // race: race-free
	USED_THEN_FREED(realloc(NULL, 40), free(BLOCK));                   // race: race-free
	USED_THEN_FREED(reallocarray(NULL, 4, 10), free(BLOCK));           // race: race-free
	USED_THEN_FREED(memalign(64, 40), free(BLOCK));                    // race: race-free
	USED_THEN_FREED(aligned(), free(BLOCK));                           // race: race-free
	USED_THEN_FREED(aligned_alloc(64, 64), free(BLOCK));               // race: race-free
	USED_THEN_FREED(valloc(40), free(BLOCK));                          // race: race-free
	USED_THEN_FREED(pvalloc(40), free(BLOCK));                         // race: race-free
	USED_THEN_FREED(strdup("text"), free(BLOCK));                      // race: race-free
	USED_THEN_FREED(wcsdup(L"text"), free(BLOCK));                     // race: race-free
	USED_THEN_FREED(malloc(40), BLOCK = realloc(BLOCK, 4000));         // race: race-free
	USED_THEN_FREED(malloc(40), BLOCK = realloc(BLOCK, 41));           // race: race-free
	USED_THEN_FREED(malloc(40), BLOCK = reallocarray(BLOCK, 400, 10)); // race: race-free
	USED_THEN_FREED(malloc(1 << 20), free(BLOCK));                     // race: race-free
}

int main(void)
{
	steps_run();
	return 0;
}
