// Two buffers: one is filled while the other is read; an index says which.
#include "../idiom.h"

static atomic_int idx, ack;
static long buf[2][4];

static void *prod(void *x)
{
	for (long i = 1; i <= rounds; i++) {
		int b = i & 1;
		for (int k = 0; k < 4; k++)
			buf[b][k] = i;
		STORE(&idx, i, release);
		if (BROKEN)
			buf[b][3]++;
		while (LOAD(&ack, acquire) != i)
			sched_yield();
	}
	return x;
}

static void *cons(void *x)
{
	long s = 0;
	for (long i = 1; i <= rounds; i++) {
		while (LOAD(&idx, acquire) != i)
			sched_yield();
		for (int k = 0; k < 4; k++)
			s += buf[i & 1][k];
		STORE(&ack, i, release);
	}
	TELL("%ld", s);
	return x;
}

static int body(void)
{
	run_two(prod, cons);
	return 0;
}
