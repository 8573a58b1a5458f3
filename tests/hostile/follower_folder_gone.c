// hostile: a race after its folder was removed below it, and its limits of descriptors and file sizes are nothing
// expect: race-data
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
	struct rlimit nothing = {0, 0};
	mkdir("gone", 0700);
	chdir("gone");
	rmdir("../gone");
	setrlimit(RLIMIT_FSIZE, &nothing);
	setrlimit(RLIMIT_NOFILE, &nothing);
	pair_run(first, second);
	return 0;
}
