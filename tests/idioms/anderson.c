// Anderson's lock: an array of flags, each thread waits for its own.
#include "../idiom.h"

static struct {
	atomic_int ok;
	char p[60];
} f[4];
static atomic_uint next;
static long count;

static void *any(void *x)
{
	for (long i = 0; i < rounds; i++) {
		unsigned me = ADD(&next, 1, relaxed) % 4;
		while (!LOAD(&f[me].ok, acquire))
			sched_yield();
		STORE(&f[me].ok, 0, relaxed);
		count++;
		STORE(&f[(me + 1) % 4].ok, 1, release);
		if (BROKEN)
			count++;
	}
	return x;
}

static int body(void)
{
	f[0].ok = 1;
	run_all(3, any);
	TELL("%ld", count);
	return 0;
}
