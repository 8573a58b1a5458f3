// status: 3
// What a thread did before it registered a handler of the process's end happens before that runs, though nobody joins the thread.
#include "pair.h"

static int data[3];

static void end_plain(void)
{
	racetrack_write(&data[0], sizeof *data);
}

static void end_with_status(int status, void *argument)
{
	MUST(status == 3 && argument == &data[1]);
	racetrack_write(argument, sizeof *data);
}

static void work(void)
{
	racetrack_write(data, sizeof data);
	MUST(atexit(end_plain) == 0);
	MUST(on_exit(end_with_status, &data[1]) == 0);
}

int main(void)
{
	pair_stay(work);
	return 3;
}
