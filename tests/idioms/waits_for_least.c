// Who comes third waits until both of those before have got so far: for the lesser of two numbers.
// not at: -O0
#include "../idiom.h"

enum { SLOTS = 64 };
struct stage {
	_Alignas(64) _Atomic long done;
};
static struct stage first, second, third;
static long one[SLOTS], two[SLOTS];

static inline long least(struct stage *a, struct stage *b)
{
	long x = LOAD(&a->done, acquire), y = LOAD(&b->done, acquire);
	return x < y ? x : y;
}

/* Both write a slot when it was read. */
static void run_before(struct stage *mine, long *slots)
{
	for (long i = 0; i < rounds; i++) {
		while (LOAD(&third.done, acquire) + SLOTS <= i)
			sched_yield();
		slots[i % SLOTS] = i;
		STORE(&mine->done, i + 1, release);
		if (BROKEN)
			slots[i % SLOTS]++;
	}
}

static void run_third(void)
{
	long sum = 0;
	for (long i = 0; i < rounds; i++) {
		while (least(&first, &second) <= i)
			sched_yield();
		sum += one[i % SLOTS] + two[i % SLOTS];
		STORE(&third.done, i + 1, release);
	}
	TELL("%ld", sum);
}

static void *work(void *which)
{
	if (which == (void *)2)
		run_third();
	else if (which)
		run_before(&second, two);
	else
		run_before(&first, one);
	return NULL;
}

static int body(void)
{
	run_all(3, work);
	return 0;
}
