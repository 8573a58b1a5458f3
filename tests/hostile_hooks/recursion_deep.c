// hostile: recursion 1,000,000 deep, with accesses on the way down and up, ends as it began: later stacks are right
// compilers: gcc clang
// expect: race-data
// at: race_first<first race_second<second
// peak: 500
#include <stdio.h>
#include "pair.h"
#include "planted.h"
enum { DEPTH = 1000000 };
static long depth;
static long down, up;
static __attribute__((noinline, noclone)) long recurse(long depth)
{
	down += depth & 1;
	long below = depth ? recurse(depth - 1) : 0;
	up += depth & 1;
	return below + 1;
}
static void first(void)
{
	depth = recurse(DEPTH);
	race_first();
}
static void second(void)
{
	race_second();
}
int main(void)
{
	pair_run_on(256 << 20, first, second);
	printf("%ld %ld %ld\n", depth, down, up);
	return 0;
}
