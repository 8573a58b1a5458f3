// status: 6
// What was found is recorded completely: the program leaves by the system call itself.
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "pair.h"

static int data;

static void touch(void)
{
	racetrack_write(&data, sizeof data); // race: race-data
}

int main(void)
{
	pair_run(touch, touch);
	syscall(231, 6);
	return 0;
}
