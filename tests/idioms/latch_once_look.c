// A latch that is looked at once, by who counted it down last.
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
	for (int i = 0; i < 1000; i++) {
		if (LOAD(&n_, acquire) == 0)
			return (void *)(v[0] + v[1] + v[2]);
		usleep(1000);
	}
	return x;
}

static int body(void)
{
	run_all(4, any);
	puts("ok");
	return 0;
}
