// What a thread did before it registered a handler of quick_exit happens before that runs.
#include "pair.h"

static int data;

static void end_quickly(void)
{
	racetrack_write(&data, sizeof data);
}

static void work(void)
{
	racetrack_write(&data, sizeof data);
	MUST(at_quick_exit(end_quickly) == 0);
}

int main(void)
{
	pair_stay(work);
	quick_exit(0);
}
