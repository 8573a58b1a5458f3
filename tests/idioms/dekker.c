// Dekker's lock: two flags, a turn, and fences.
#include "../idiom.h"

static atomic_int want[2], turn;
static long count;

static void *any(void *x)
{
	int me = (long)x;
	for (long i = 0; i < rounds; i++) {
		atomic_store(&want[me], 1);
		while (atomic_load(&want[1 - me])) {
			if (atomic_load(&turn) != me) {
				atomic_store(&want[me], 0);
				while (atomic_load(&turn) != me)
					sched_yield();
				atomic_store(&want[me], 1);
			}
		}
		count++;
		atomic_store(&turn, 1 - me);
		atomic_store(&want[me], 0);
		if (BROKEN)
			count++;
	}
	atomic_store(&turn, 1 - me);
	return x;
}

static int body(void)
{
	run_all(2, any);
	TELL("%ld", count);
	return 0;
}
