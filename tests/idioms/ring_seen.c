// A ring whose sides keep what they saw last of the other's index, and look only where that leaves nothing to do.
#include "../idiom.h"

enum { SLOTS = 32 };
static struct {
	_Alignas(64) atomic_ulong head;
	unsigned long seen_tail;
	_Alignas(64) atomic_ulong tail;
	unsigned long seen_head;
	_Alignas(64) long slot[SLOTS];
} q;

static __attribute__((noinline)) bool try_push(long v)
{
	unsigned long h = LOAD(&q.head, relaxed);
	if (h - q.seen_tail == SLOTS) {
		q.seen_tail = LOAD(&q.tail, acquire);
		if (h - q.seen_tail == SLOTS)
			return false;
	}
	if (!BROKEN)
		q.slot[h % SLOTS] = v;
	STORE(&q.head, h + 1, release);
	if (BROKEN)
		q.slot[h % SLOTS] = v;
	return true;
}

static __attribute__((noinline)) bool try_pop(long *v)
{
	unsigned long t = LOAD(&q.tail, relaxed);
	if (t == q.seen_head) {
		q.seen_head = LOAD(&q.head, acquire);
		if (t == q.seen_head)
			return false;
	}
	*v = q.slot[t % SLOTS];
	STORE(&q.tail, t + 1, release);
	return true;
}

static void *prod(void *x)
{
	for (long i = 0; i < rounds; i++)
		while (!try_push(i))
			sched_yield();
	return x;
}

static void *cons(void *x)
{
	long s = 0, v;
	for (long i = 0; i < rounds; i++) {
		while (!try_pop(&v))
			sched_yield();
		s += v;
	}
	TELL("%ld", s);
	return x;
}

static int body(void)
{
	run_two(prod, cons);
	return 0;
}
