// A stop flag that is tested between pieces of work.
#include "../idiom.h"

static atomic_bool stop;
static long result;
static long priv;

static void *worker(void *x)
{
	for (long i = 0; !LOAD(&stop, relaxed); i++) {
		priv += i * 7;
		if (BROKEN)
			result++;
	}
	return x;
}

static void *boss(void *x)
{
	usleep(200);
	result = 5;
	STORE(&stop, true, relaxed);
	return x;
}

static int body(void)
{
	run_two(worker, boss);
	printf("%d\n", priv != 0 || 1);
	return 0;
}
