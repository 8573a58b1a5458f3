// A program that closes every descriptor is recorded all the same, and gets the numbers it would get anyway.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include "pair.h"

static int data;

static void touch(void)
{
	racetrack_write(&data, sizeof data); // race: race-data
}

int main(void)
{
	closefrom(3);
	MUST(close_range(3, ~0u, 0) == 0);
	for (int fd = 3; fd < 1024; fd++)
		close(fd);
	printf("%d\n", open("/dev/null", O_RDONLY));
	pair_run(touch, touch);
	return 0;
}
