// A master gives out jobs by a number, and adds up the flags of all that are done until the sum fits; the compiler unrolls that.
#include "../idiom.h"

#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll_count(8)")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

enum { T = 2, JOBS = 20 };
static atomic_int job;
static atomic_char *done;
static int count;
static long parts[T];

static void *work(void *x)
{
	long me = (long)x;
	int mine = 0;
	for (long i = 0; i < JOBS; i++) {
		while (LOAD(&job, acquire) == mine)
			;
		mine = LOAD(&job, relaxed);
		if (!BROKEN)
			parts[me] += i;
		STORE(&done[me], 1, release);
		if (BROKEN)
			parts[me] += i;
	}
	return x;
}

static void wait_for_all(void)
{
	int sum;
	do {
		sum = 0;
		UNROLL
		for (int i = 0; i < count; i++)
			sum += LOAD(&done[i], acquire);
	} while (sum < count);
}

static int body(void)
{
	pthread_t threads[T];
	long s = 0;
	count = T;
	done = calloc(T, 1);
	for (long i = 0; i < T; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 1; i <= JOBS; i++) {
		STORE(&job, i, release);
		wait_for_all();
		for (int t = 0; t < T; t++) {
			s += parts[t];
			STORE(&done[t], 0, relaxed);
		}
	}
	for (int i = 0; i < T; i++)
		pthread_join(threads[i], NULL);
	free(done);
	TELL("%ld", s);
	return 0;
}
