// An MCS lock: each waits for a flag in its own node.
#include "../mcs.h"

static long count;

static void *any(void *x)
{
	struct q me;
	for (long i = 0; i < rounds; i++) {
		lock(&me);
		count++;
		unlock(&me);
		if (BROKEN)
			count++;
	}
	return x;
}

static int body(void)
{
	run_all(3, any);
	TELL("%ld", count);
	return 0;
}
