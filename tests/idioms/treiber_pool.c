// A stack of free nodes that are used again.
// not at: -O0
#include "../idiom.h"

struct node {
	atomic_uint next;
	long v;
};
static struct node pool[9];
static _Atomic uint64_t top;

static void push(unsigned i)
{
	uint64_t o = LOAD(&top, relaxed);
	do
		STORE(&pool[i].next, (unsigned)o, relaxed);
	while (!COMPARE_EXCHANGE(&top, &o, ((o >> 32) + 1) << 32 | i, release, relaxed));
	if (BROKEN)
		pool[i].v++;
}

static unsigned pop(void)
{
	uint64_t o = LOAD(&top, acquire);
	do
		if (!(unsigned)o)
			return 0;
	while (!COMPARE_EXCHANGE(
		&top, &o, ((o >> 32) + 1) << 32 | LOAD(&pool[(unsigned)o].next, relaxed), acquire, acquire));
	return (unsigned)o;
}

static void *any(void *x)
{
	for (long i = 0; i < rounds; i++) {
		unsigned n = pop();
		if (n) {
			pool[n].v++;
			push(n);
		} else
			sched_yield();
	}
	return x;
}

static int body(void)
{
	for (int i = 1; i < 9; i++)
		push(i);
	run_all(3, any);
	puts("ok");
	return 0;
}
