// hostile: a race in a process without any open descriptor
// expect: race-data
// follower: html
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
	for (int fd = 0; fd < 1024; fd++)
		close(fd);
	pair_run(first, second);
	return 0;
}
