// hostile: a race at the bottom of a recursion 100,000 deep: its stack ends after the frames that are kept
// compilers: gcc clang
// expect: race-data
// at: race_first<recurse<recurse<recurse race_second<second
#include <stdio.h>
#include "pair.h"
#include "planted.h"
enum { DEPTH = 100000 };
static long depth;
static __attribute__((noinline, noclone)) long recurse(long depth)
{
	if (!depth) {
		race_first();
		return 1;
	}
	return recurse(depth - 1) + 1;
}
static void first(void)
{
	depth = recurse(DEPTH);
}
static void second(void)
{
	race_second();
}
int main(void)
{
	pair_run_on(64 << 20, first, second);
	printf("%ld\n", depth);
	return 0;
}
