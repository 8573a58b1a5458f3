// cflags: -x c tests/cases/hooks_exceptions_through.c -x none -lstdc++
// compilers: gcc clang clang-19
// Exceptions pass C functions, which say nothing of it: what the catcher and its callers do afterwards has the right stacks.
// stack: write_inner<catches<both
// stack: write_value<both<pair_start
#include "pair.h"

extern "C" int through(void (*function)(int), int argument);

int value, inner_value;

static void thrower(int depth)
{
	if (!depth)
		throw 1;
	through(thrower, depth - 1);
}

__attribute__((noinline)) static void write_inner(int to)
{
	inner_value = to; // race: race-data
}

__attribute__((noinline)) static void write_value(int to)
{
	value = to; // race: race-data
}

__attribute__((noinline)) static int catches(int depth)
{
	int caught = 0;
	try {
		through(thrower, depth);
	} catch (int thrown) {
		caught = thrown;
	}
	write_inner(caught);
	return caught;
}

static void both()
{
	int caught = 0;
	for (int i = 0; i < 30; i++)
		caught += catches(i);
	write_value(caught);
}

int main()
{
	pair_run(both, both);
	return 0;
}
