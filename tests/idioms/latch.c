// A latch: counted down, then waited for.
#include "../idiom.h"

static atomic_int n_ = 3;
static long v[4];

static void *any(void *x)
{
	int me = (long)x;
	if (me < 3) {
		if (!BROKEN)
			v[me] = me;
		SUB(&n_, 1, release);
		if (BROKEN)
			v[me] = me;
		return x;
	}
	while (LOAD(&n_, acquire) > 0)
		sched_yield();
	return (void *)(v[0] + v[1] + v[2]);
}

static int body(void)
{
	run_all(4, any);
	puts("ok");
	return 0;
}
