// A ring for one producer and one consumer whose functions look once each, and are called in loops elsewhere.
#include "../idiom.h"

enum { SLOTS = 16 };
struct ring {
	_Alignas(64) atomic_ulong head;
	_Alignas(64) atomic_ulong tail;
	long slot[SLOTS];
};
static struct ring *r;

static __attribute__((noinline)) bool try_push(struct ring *q, long v)
{
	unsigned long h = LOAD(&q->head, relaxed);
	if (h - LOAD(&q->tail, acquire) == SLOTS)
		return false;
	if (!BROKEN)
		q->slot[h % SLOTS] = v;
	STORE(&q->head, h + 1, release);
	if (BROKEN)
		q->slot[h % SLOTS] = v;
	return true;
}

static __attribute__((noinline)) bool try_pop(struct ring *q, long *v)
{
	unsigned long t = LOAD(&q->tail, relaxed);
	if (t == LOAD(&q->head, acquire))
		return false;
	*v = q->slot[t % SLOTS];
	STORE(&q->tail, t + 1, release);
	return true;
}

static void *prod(void *x)
{
	for (long i = 0; i < rounds; i++)
		while (!try_push(r, i))
			sched_yield();
	return x;
}

static void *cons(void *x)
{
	long s = 0, v;
	for (long i = 0; i < rounds; i++) {
		while (!try_pop(r, &v))
			sched_yield();
		s += v;
	}
	TELL("%ld", s);
	return x;
}

static int body(void)
{
	r = aligned_alloc(64, sizeof *r);
	memset(r, 0, sizeof *r);
	run_two(prod, cons);
	free(r);
	return 0;
}
