// hostile: a process that adopts orphans, as an init does, has a race and waits until it has no children
// expect: race-data
// follower: text html
// seconds: 8
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
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
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pair_run(first, second);
	if (!fork())
		_exit(0);
	int count = 0;
	while (wait(NULL) > 0)
		count++;
	printf("%d children %s\n", count, strerror(errno));
	return 0;
}
