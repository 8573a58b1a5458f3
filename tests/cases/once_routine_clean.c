// The routine of pthread_once and call_once happens before every return from it.
#include <threads.h>
#include "pair.h"

static pthread_once_t posix_control = PTHREAD_ONCE_INIT;
static once_flag c_control = ONCE_FLAG_INIT;
static int posix_data, c_data;

static void posix_routine(void)
{
	racetrack_write(&posix_data, sizeof posix_data);
}

static void c_routine(void)
{
	racetrack_write(&c_data, sizeof c_data);
}

static void use(void)
{
	MUST(pthread_once(&posix_control, posix_routine) == 0);
	racetrack_read(&posix_data, sizeof posix_data);
	call_once(&c_control, c_routine);
	racetrack_read(&c_data, sizeof c_data);
}

int main(void)
{
	pair_run(use, use);
	return 0;
}
