// hostile: threads, memory and a race in an address space of 3 GB
// run: ulimit -v 3000000
// expect: race-data
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "pair.h"
static char text[8];
static void first(void)
{
	strcpy(text, "one");
}
static void second(void)
{
	strcpy(text, "two");
}
int main(void)
{
	int count = 0;
	pair_run(first, second);
	while (count < 5000 && malloc(1 << 20))
		count++;
	printf("%d %d %s\n", count > 1500, count < 3000, strerror(errno));
	pair_run(first, second);
	return 0;
}
