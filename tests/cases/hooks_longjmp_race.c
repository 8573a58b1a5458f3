/* Frames that longjmp leaves are not in the stacks of what follows. */
#include "pair.h"

#include <setjmp.h>

int value;
static jmp_buf back;

__attribute__((noinline)) static void jump(int depth)
{
	if (depth)
		jump(depth - 1);
	longjmp(back, 1);
}

__attribute__((noinline)) static void write_value(int to)
{
	value = to; // race: race-data
}

static void run(void)
{
	if (!setjmp(back))
		jump(10);
	write_value(1);
}

static void second(void)
{
	write_value(2);
}

int main(void)
{
	pair_run(run, second);
	return 0;
}
