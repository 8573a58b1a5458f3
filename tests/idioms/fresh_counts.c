// Two threads come at the same moment to counts that nobody changed before; the second to count takes what the first left.
#include "../idiom.h"

enum { COUNTS = 20000 };

struct shared {
	atomic_int count;
	int left[2];
};
static struct shared *all;
static pthread_barrier_t start;
static long sums[2];

static void *any(void *x)
{
	int me = (int)(long)x;
	pthread_barrier_wait(&start);
	for (int i = 0; i < COUNTS; i++) {
		struct shared *shared = &all[i];
		if (LOAD(&shared->count, relaxed) > 1)
			abort();
		if (!BROKEN)
			shared->left[me] = i;
		if (ADD(&shared->count, 1, acq_rel) == 1)
			sums[me] += shared->left[!me];
		if (BROKEN)
			shared->left[me] = i;
	}
	return x;
}

static int body(void)
{
	all = calloc(COUNTS, sizeof(*all));
	pthread_barrier_init(&start, NULL, 2);
	run_two(any, any);
	TELL("%ld", sums[0] + sums[1]);
	free(all);
	return 0;
}
