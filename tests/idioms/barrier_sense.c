// A barrier whose sense reverses: the last to come lets the others go.
#include "../idiom.h"

static atomic_int left = 3, sense;
static long v[3];

static void *any(void *x)
{
	int me = (long)x, mine = 0;
	long s = 0;
	for (long i = 0; i < rounds; i++) {
		v[me] = i;
		for (int k = 0; k < 2; k++) {
			mine = !mine;
			if (SUB(&left, 1, acq_rel) == 1) {
				STORE(&left, 3, relaxed);
				STORE(&sense, mine, release);
			} else
				while (LOAD(&sense, acquire) != mine)
					sched_yield();
			if (k == 0)
				s += v[(me + 1) % 3];
			if (BROKEN)
				break;
		}
	}
	return (void *)s;
}

static int body(void)
{
	run_all(3, any);
	puts("ok");
	return 0;
}
