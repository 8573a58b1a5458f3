// status: 3
// What was found is recorded completely: the program returns from main.
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
	return 3;
}
