// Functions that are to have no hooks: what they do is not told of, and not looked at either. Their atomic instructions order, still.
#include "../idiom.h"

#if BROKEN
#define QUIETLY __attribute__((noinline))
#else
#define QUIETLY __attribute__((noinline, no_sanitize("thread")))
#endif

static long statistics[3];

QUIETLY static void count(long *place, long by)
{
	*place += by;
	if (by > 1)
		for (int i = 0; i < 2; i++)
			place[i] = by;
}

static void *work(void *x)
{
	for (long i = 0; i < rounds; i++)
		count(&statistics[0], 1 + i % 2);
	return x;
}

static int body(void)
{
	run_all(2, work);
	puts("done");
	return 0;
}
