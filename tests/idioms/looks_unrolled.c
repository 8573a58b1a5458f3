// A barrier whose waiters look a few times in a row, with pauses between, in a function that has no loop; who finds nothing there
// gives the processor away.
// not at: -O0
#include "../idiom.h"

enum { THREADS = 3 };

static atomic_int arrived, generation;
static long sums[THREADS], total;

static __attribute__((noinline)) bool has_changed(atomic_int *word, int from)
{
	if (LOAD(word, acquire) != from)
		return true;
	relax();
	if (LOAD(word, acquire) != from)
		return true;
	relax();
	if (LOAD(word, acquire) != from)
		return true;
	relax();
	return LOAD(word, acquire) != from;
}

static void meet(void)
{
	int now = LOAD(&generation, acquire);
	if (ADD(&arrived, 1, acq_rel) == THREADS - 1) {
		STORE(&arrived, 0, relaxed);
		STORE(&generation, now + 1, release);
		return;
	}
	while (!has_changed(&generation, now))
		sched_yield();
}

static void *any(void *x)
{
	long own = (long)x;
	for (long i = 0; i < rounds; i++) {
		sums[own] += i;
		meet();
		if (own == 0 || BROKEN)
			total += sums[(own + 1) % THREADS];
		meet();
	}
	return NULL;
}

static int body(void)
{
	run_all(THREADS, any);
	TELL("%ld", total);
	return 0;
}
