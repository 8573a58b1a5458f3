// cflags: -fno-builtin
// What the C library does to an obstack: an object that grows moves to another chunk.
#include <obstack.h>
#include <stdlib.h>
#include "steps.h"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free  free

static struct obstack stacks[4];
static char *bases[4];

static int begin(struct obstack *stack)
{
	return obstack_begin(stack, 128); // race: race-data BEGIN
}

static int more(struct obstack *stack)
{
	_obstack_newchunk(stack, 1000); // race: race-data OBSTACK OLD
	return 0;
}

static void steps(void)
{
	WRITES(begin(&stacks[0]), &stacks[0]);                                // race: race-data BEGIN
	WRITES(more(&stacks[1]), (char *)&stacks[1] + sizeof(stacks[1]) - 1); // race: race-data OBSTACK
	READS(more(&stacks[2]), bases[2] + 9);                                // race: race-data OLD
	SPARES(more(&stacks[3]), bases[3] + 10);
}

int main(void)
{
	for (int i = 1; i < 4; i++) {
		obstack_begin(&stacks[i], 128);
		obstack_alloc(&stacks[i], 16); /* the chunk stays */
		obstack_grow(&stacks[i], "0123456789", 10);
		bases[i] = obstack_base(&stacks[i]);
	}
	steps_run();
	return 0;
}
