// Another stream, or one whose lock is not to be had, orders nothing.
#include <stdio.h>
#include "steps.h"

static FILE *file, *other, *held;

#define PASS(stream) (flockfile(stream), funlockfile(stream))

static void steps(void)
{
	HANDS(PASS(file), PASS(other));                        // race: race-data
	HANDS(flockfile(held), MUST(ftrylockfile(held) != 0)); // race: race-data
}

int main(void)
{
	file = tmpfile();
	other = tmpfile();
	held = tmpfile();
	steps_run();
	return 0;
}
