// A program that may not open another descriptor is recorded all the same.
#include <stdio.h>
#include <sys/resource.h>
#include "pair.h"

static int data;

static void touch(void)
{
	racetrack_write(&data, sizeof data); // race: race-data
}

int main(void)
{
	struct rlimit limit = {3, 3};
	MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	pair_run(touch, touch);
	return 0;
}
