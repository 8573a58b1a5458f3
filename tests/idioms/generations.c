// Workers wait for the next generation of a block, and yield where it is the one that they have seen; what they do with it is so much code
// that compilers put the way back, with the yield, far behind the look.
#include "../idiom.h"

enum { WORKERS = 2, BLOCK = 32 };

static atomic_ulong generation;
static struct {
	_Alignas(64) atomic_ulong seen;
} workers[WORKERS];
static int block[BLOCK];
static long sums[WORKERS];

static void *work(void *x)
{
	long which = (long)x;
	unsigned long seen = 0;
	for (;;) {
		unsigned long now = LOAD(&generation, acquire);
		if (now == seen) {
			sched_yield();
			continue;
		}
		seen = now;
		if (block[0] < 0)
			return x;
		int copy[BLOCK];
		memcpy(copy, block, sizeof(copy));
		for (int i = 0; i < BLOCK; i++)
			sums[which] += copy[i];
		STORE(&workers[which].seen, now, release);
	}
}

static int body(void)
{
	pthread_t threads[WORKERS];
	unsigned long last = (unsigned long)rounds;
	for (long i = 0; i < WORKERS; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (unsigned long now = 1; now <= last; now++) {
		for (int i = 0; i < BLOCK; i++)
			block[i] = (int)now + i;
		STORE(&generation, now, release);
		for (int i = 0; i < WORKERS - BROKEN; i++)
			while (LOAD(&workers[i].seen, acquire) < now)
				sched_yield();
	}
	block[0] = -1;
	STORE(&generation, last + 1, release);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	TELL("%ld %ld", sums[0], sums[1]);
	return 0;
}
