// A box with a state: empty, full.
#include "../idiom.h"

static atomic_int st;
static struct {
	long a[4];
} box;

static void *prod(void *x)
{
	for (long i = 0; i < rounds; i++) {
		while (LOAD(&st, acquire) != 0)
			sched_yield();
		for (int k = 0; k < 4; k++)
			box.a[k] = i;
		STORE(&st, 1, release);
		if (BROKEN)
			box.a[2] = i;
	}
	return x;
}

static void *cons(void *x)
{
	long s = 0;
	for (long i = 0; i < rounds; i++) {
		while (LOAD(&st, acquire) != 1)
			sched_yield();
		for (int k = 0; k < 4; k++)
			s += box.a[k];
		STORE(&st, 0, release);
	}
	TELL("%ld", s);
	return x;
}

static int body(void)
{
	run_two(prod, cons);
	return 0;
}
