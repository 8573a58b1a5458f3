// hostile: a race, an exec that fails, and another call
// expect: race-data
// follower: text html
// seconds: 8
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "pair.h"
static char text[8], other[8];
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
	pair_run(first, second);
	int result = execl("/nonexistent", "x", NULL);
	printf("%d %s\n", result, strerror(errno));
	return 0;
}
