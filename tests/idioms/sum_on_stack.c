// Two threads come at the same moment to sums of floating-point numbers in a third one's frame, as OpenMP's reductions do: each looks at
// a sum and exchanges it for the next one.
#include "../idiom.h"

enum { SUMS = 500 };

struct sum {
	_Atomic uint64_t bits;
};
static struct sum *shared;
static pthread_barrier_t start, end;

static void add(struct sum *sum, double more)
{
	uint64_t old = LOAD(&sum->bits, relaxed), next;
	do {
		double value;
		memcpy(&value, &old, sizeof(value));
		value += more;
		memcpy(&next, &value, sizeof(next));
		if (BROKEN)
			STORE(&sum->bits, next, relaxed);
	} while (!BROKEN && !COMPARE_EXCHANGE(&sum->bits, &old, next, relaxed, relaxed));
}

static void *any(void *x)
{
	for (long round = 0; round < rounds; round++) {
		pthread_barrier_wait(&start);
		for (int i = 0; i < SUMS; i++)
			add(&shared[i], 1);
		pthread_barrier_wait(&end);
	}
	return x;
}

static __attribute__((noinline)) double sum_all(void)
{
	struct sum sums[SUMS] = {0};
	double sum = 0;
	shared = sums;
	pthread_barrier_wait(&start);
	pthread_barrier_wait(&end);
	for (int i = 0; i < SUMS; i++) {
		double value;
		memcpy(&value, &sums[i], sizeof(value));
		sum += value;
	}
	return sum;
}

static int body(void)
{
	pthread_t threads[2];
	double sum = 0;
	pthread_barrier_init(&start, NULL, 3);
	pthread_barrier_init(&end, NULL, 3);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, any, NULL);
	for (long round = 0; round < rounds; round++)
		sum += sum_all();
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	TELL("%.0f", sum);
	return 0;
}
