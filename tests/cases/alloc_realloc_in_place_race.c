// cflags: -fno-builtin
// A block that stays where it is when one thread reallocates it, and that another goes on using by its old address.
#define _GNU_SOURCE
#include <stdlib.h>
#include "steps.h"

static void *blocks[STEPS_MOST];
#define BLOCK (blocks[__LINE__])

/* The first thread makes the block and reallocates it, the second one uses it. */
#define GROWN_THEN_USED(make, grow, use)                                                                     \
	STEP((BLOCK = (make), MUST((uintptr_t)(grow) == (uintptr_t)BLOCK), 0), use(BLOCK, 1))

static void steps(void)
{
	GROWN_THEN_USED(malloc(40), realloc(BLOCK, 40), racetrack_read);         // race: race-data
	GROWN_THEN_USED(malloc(40), realloc(BLOCK, 40), racetrack_write);        // race: race-data
	GROWN_THEN_USED(malloc(40), realloc(BLOCK, 30), racetrack_read);         // race: race-data
	GROWN_THEN_USED(malloc(40), reallocarray(BLOCK, 4, 10), racetrack_read); // race: race-data
	GROWN_THEN_USED(malloc(20000), realloc(BLOCK, 20000), racetrack_read);   // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
