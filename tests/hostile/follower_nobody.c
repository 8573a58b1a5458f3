// hostile: a race after the change to another user and group, with an address and file limit
// expect: race-data
// follower: text html
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
	struct rlimit files = {20, 20};
	setgid(65534);
	if (setuid(65534))
		puts("not root");
	setrlimit(RLIMIT_NOFILE, &files);
	pair_run(first, second);
	return 0;
}
