// A dissemination barrier: in every round each thread tells another one.
#include "../idiom.h"

enum { T = 4, L = 2 };
static atomic_long fl[T][L];
static long v[T];

static void bar(int me, long r)
{
	for (int l = 0; l < L; l++) {
		STORE(&fl[(me + (1 << l)) % T][l], r, release);
		while (LOAD(&fl[me][l], acquire) < r)
			sched_yield();
	}
}

static void *any(void *x)
{
	int me = (long)x;
	long s = 0, r = 0;
	for (long i = 0; i < rounds; i++) {
		v[me] = i;
		bar(me, ++r);
		s += v[(me + 1) % T] + v[(me + 3) % T];
		if (!BROKEN)
			bar(me, ++r);
	}
	return (void *)s;
}

static int body(void)
{
	run_all(T, any);
	puts("ok");
	return 0;
}
