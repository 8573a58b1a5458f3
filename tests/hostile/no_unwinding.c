// hostile: a race in a program without unwind tables and frame pointers
// cflags: -fno-asynchronous-unwind-tables -fno-unwind-tables -fomit-frame-pointer -O3
// expect: race-data
// times: 3
#include <stdio.h>
#include <string.h>
#include "pair.h"
static char text[300];
static __attribute__((noinline)) void deep(int n, const char *what)
{
	char copy[300];
	if (n > 0)
		deep(n - 1, what);
	else
		strcpy(text, what);
	memset(copy, n, sizeof(copy));
}
static void first(void)
{
	deep(20, "one");
}
static void second(void)
{
	deep(20, "two");
}
int main(void)
{
	pair_run(first, second);
	return 0;
}
