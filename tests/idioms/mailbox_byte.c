// The same with a state of one byte beside what it is for.
#include "../idiom.h"

static _Atomic unsigned char st;
static long box;

static void *prod(void *x)
{
	for (long i = 0; i < rounds;) {
		if (LOAD(&st, acquire) == 0) {
			box = i++;
			STORE(&st, 1, release);
			if (BROKEN)
				box = i;
		} else
			sched_yield();
	}
	return x;
}

static void *cons(void *x)
{
	long s = 0;
	for (long i = 0; i < rounds;) {
		if (LOAD(&st, acquire) == 1) {
			s += box;
			i++;
			STORE(&st, 0, release);
		} else
			sched_yield();
	}
	TELL("%ld", s);
	return x;
}

static int body(void)
{
	run_two(prod, cons);
	return 0;
}
