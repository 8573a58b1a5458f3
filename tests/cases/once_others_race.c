// What the first caller does besides the routine is not ordered by it.
#include "pair.h"

static pthread_once_t control = PTHREAD_ONCE_INIT;
static int data;

static void routine(void)
{
}

static void use(void)
{
	pthread_once(&control, routine);
	racetrack_write(&data, sizeof data); // race: race-data
}

int main(void)
{
	pair_run(use, use);
	return 0;
}
