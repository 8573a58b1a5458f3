// What a thread does after it registered a handler of the process's end is not ordered with that one.
#include "pair.h"

static int data, other;

static void end_plain(void)
{
	racetrack_write(&data, sizeof data); // race: race-data atexit
}

static void end_with_status(int status, void *argument)
{
	(void)status;
	racetrack_write(argument, sizeof other); // race: race-data on_exit
}

static void work(void)
{
	MUST(atexit(end_plain) == 0);
	MUST(on_exit(end_with_status, &other) == 0);
	racetrack_write(&data, sizeof data);   // race: race-data atexit
	racetrack_write(&other, sizeof other); // race: race-data on_exit
}

int main(void)
{
	pair_stay(work);
	return 0;
}
