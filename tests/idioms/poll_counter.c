// Progress that is polled while other work is done.
#include "../idiom.h"

static atomic_long prog;
static long data[64];

static void *wr(void *x)
{
	for (int i = 0; i < 64; i++) {
		if (!BROKEN)
			data[i] = i;
		STORE(&prog, i + 1, release);
		if (BROKEN)
			data[i] = i;
	}
	return x;
}

static void *rd(void *x)
{
	long s = 0, seen = 0;
	while (seen < 64) {
		long p = LOAD(&prog, acquire);
		for (; seen < p; seen++)
			s += data[seen];
	}
	TELL("%ld", s);
	return x;
}

static int body(void)
{
	run_two(wr, rd);
	return 0;
}
