// hostile: recursion that branches: millions of distinct stacks
// compilers: gcc clang
// expect: race-data
// at: race_first<first race_second<second
// peak: 250
#include <stdio.h>
#include "pair.h"
#include "planted.h"
#ifndef DEPTH
#define DEPTH 19
#endif
enum { LEAVES = 1 << DEPTH };
static long count;
static char leaves[LEAVES];
static __attribute__((noinline, noclone)) long branch(int depth, long leaf)
{
	if (!depth) {
		leaves[leaf]++;
		return 1;
	}
	long left = branch(depth - 1, 2 * leaf);
	return left + branch(depth - 1, 2 * leaf + 1);
}
static void first(void)
{
	count = branch(DEPTH, 0);
	race_first();
}
static void second(void)
{
	race_second();
}
int main(void)
{
	pair_run(first, second);
	printf("%ld\n", count);
	return 0;
}
