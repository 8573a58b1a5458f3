// A worker runs until it is told to stop; what it did is read after it said that it has.
#include "../idiom.h"

static atomic_bool stop;
static long result;

static void *worker(void *x)
{
	long s = 0;
	while (!LOAD(&stop, acquire))
		s++;
	s = result;
	return (void *)s;
}

static void *boss(void *x)
{
	usleep(100);
	if (!BROKEN)
		result = 5;
	STORE(&stop, true, release);
	if (BROKEN)
		result = 5;
	return x;
}

static int body(void)
{
	run_two(worker, boss);
	puts("ok");
	return 0;
}
