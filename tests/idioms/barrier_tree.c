// A barrier by a tree: children tell their parents, and wait for a word of theirs.
#include "../idiom.h"

static struct {
	atomic_long up, down;
	char p[48];
} t_[4];
static long v[4];

static void bar(int me, long r)
{
	for (int c = 2 * me + 1; c <= 2 * me + 2; c++)
		if (c < 4)
			while (LOAD(&t_[c].up, acquire) < r)
				sched_yield();
	if (me) {
		STORE(&t_[me].up, r, release);
		while (LOAD(&t_[me].down, acquire) < r)
			sched_yield();
	}
	for (int c = 2 * me + 1; c <= 2 * me + 2; c++)
		if (c < 4)
			STORE(&t_[c].down, r, release);
}

static void *any(void *x)
{
	int me = (long)x;
	long s = 0, r = 0;
	for (long i = 0; i < rounds; i++) {
		v[me] = i;
		bar(me, ++r);
		s += v[(me + 1) % 4];
		if (!BROKEN)
			bar(me, ++r);
	}
	return (void *)s;
}

static int body(void)
{
	run_all(4, any);
	puts("ok");
	return 0;
}
