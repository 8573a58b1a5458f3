// Peterson's lock, by operations of one total order.
#include "../idiom.h"

static atomic_int want[2], turn;
static long count;

static void *any(void *x)
{
	int me = (long)x;
	for (long i = 0; i < rounds; i++) {
		atomic_store(&want[me], 1);
		atomic_store(&turn, 1 - me);
		while (atomic_load(&want[1 - me]) && atomic_load(&turn) == 1 - me)
			sched_yield();
		count++;
		atomic_store(&want[me], 0);
		if (BROKEN)
			count++;
	}
	return x;
}

static int body(void)
{
	run_all(2, any);
	TELL("%ld", count);
	return 0;
}
