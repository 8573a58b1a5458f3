// hostile: recursion 3,000,000 deep, left half-way by longjmp, and the stacks are right again
// compilers: gcc clang
// expect: race-data
// at: race_first<inner<first race_second<second
// peak: 1500
#include <setjmp.h>
#include <stdio.h>
#include "pair.h"
#include "planted.h"
enum { DEPTH = 3000000, JUMP = 2000000, MARK = 1200000 };
static long depth;
static long down, up;
static jmp_buf back;
static __attribute__((noinline, noclone)) long recurse(long depth)
{
	down += depth & 1;
	if (depth == DEPTH - MARK && setjmp(back))
		return 1;
	if (!depth)
		longjmp(back, 1);
	long below = recurse(depth - 1);
	up += depth & 1;
	return below + 1;
}
static __attribute__((noinline, noclone)) long inner(void)
{
	long depth = recurse(DEPTH);
	race_first();
	return depth;
}
static void first(void)
{
	depth = inner();
}
static void second(void)
{
	race_second();
}
int main(void)
{
	pair_run_on(512 << 20, first, second);
	printf("%ld %ld %ld\n", depth, down, up);
	return 0;
}
