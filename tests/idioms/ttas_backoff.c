// Test, test-and-set, and wait longer after each failure.
#include "../idiom.h"

static atomic_int l;
static long count;

static void lock(void)
{
	int d = 1;
	for (;;) {
		if (!LOAD(&l, relaxed)) {
			if (!EXCHANGE(&l, 1, acquire))
				return;
		}
		for (int i = 0; i < d; i++)
			relax();
		if (d < 64)
			d *= 2;
		else
			sched_yield();
	}
}

static void *any(void *x)
{
	for (long i = 0; i < rounds; i++) {
		lock();
		count++;
		STORE(&l, 0, release);
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
