// A profile's counters are nobody's race.
// cflags: --coverage
#include "../idiom.h"

static long mine[3], theirs;

static void *work(void *number)
{
	for (long i = 0; i < rounds; i++) {
		if (i % 3)
			mine[(long)number]++;
		else if (BROKEN)
			theirs++;
	}
	return NULL;
}

static int body(void)
{
	run_all(3, work);
	TELL("%ld", mine[0] + mine[1] + mine[2]);
	return 0;
}
