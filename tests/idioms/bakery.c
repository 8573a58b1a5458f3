// Lamport's bakery lock: loads, stores and fences alone.
#include "../idiom.h"

static atomic_int choosing[3];
static atomic_long num[3];
static long count;

static void *any(void *x)
{
	int me = (long)x;
	for (long i = 0; i < rounds; i++) {
		atomic_store(&choosing[me], 1);
		long m = 0;
		for (int k = 0; k < 3; k++) {
			long n = atomic_load(&num[k]);
			if (n > m)
				m = n;
		}
		atomic_store(&num[me], m + 1);
		atomic_store(&choosing[me], 0);
		for (int k = 0; k < 3; k++) {
			if (k == me)
				continue;
			while (atomic_load(&choosing[k]))
				sched_yield();
			for (;;) {
				long n = atomic_load(&num[k]);
				if (!n || n > m + 1 || (n == m + 1 && k > me))
					break;
				sched_yield();
			}
		}
		count++;
		atomic_store(&num[me], 0);
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
