// A lock that is one bit of a word.
#include "../idiom.h"

static atomic_uint bits;
static long c[8];

static void *any(void *x)
{
	for (long i = 0; i < rounds; i++) {
		unsigned k = i % 8;
		while (atomic_fetch_or_explicit(&bits, 1u << k, memory_order_acquire) & 1u << k)
			sched_yield();
		c[k]++;
		atomic_fetch_and_explicit(&bits, ~(1u << k), memory_order_release);
		if (BROKEN)
			c[k]++;
	}
	return x;
}

static int body(void)
{
	run_all(3, any);
	long s = 0;
	for (int k = 0; k < 8; k++)
		s += c[k];
	TELL("%ld", s);
	return 0;
}
