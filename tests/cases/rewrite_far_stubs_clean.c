// cflags: -Wl,-z,lazy
// The linker gives the stubs of functions of other libraries a segment of their own where the text is aligned to more than
// pages: calls that give the processor away are known all the same, and loops round them wait.
#include <sched.h>
#include <stdio.h>
#include "pair.h"

static struct {
	long state, data;
} * handed;

__attribute__((aligned(1 << 16))) static void publish(void)
{
	handed->data = 7;
	handed->state = 1;
}

static void wait_for_it(void)
{
	while (!*(volatile long *)&handed->state)
		sched_yield();
	printf("%ld\n", handed->data);
}

int main(void)
{
	handed = calloc(1, sizeof *handed);
	MUST(handed);
	pair_run(publish, wait_for_it);
	free(handed);
	return 0;
}
