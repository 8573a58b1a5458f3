// Two rings one after the other: who takes from the first puts into the second, all in one function.
// cflags: -O3
#include "../idiom.h"

enum { SLOTS = 16 };
struct ring {
	_Alignas(64) atomic_uint head;
	_Alignas(64) atomic_uint tail;
	long *slot;
	unsigned mask;
};
static struct ring *first, *second;

static inline bool try_push(struct ring *q, long v)
{
	unsigned h = LOAD(&q->head, relaxed), t = LOAD(&q->tail, acquire);
	if (((h + 1) & q->mask) == t)
		return false;
	if (!BROKEN)
		q->slot[h] = v;
	STORE(&q->head, (h + 1) & q->mask, release);
	if (BROKEN)
		q->slot[h] = v;
	return true;
}

static inline bool try_pop(struct ring *q, long *v)
{
	unsigned t = LOAD(&q->tail, relaxed);
	if (t == LOAD(&q->head, acquire))
		return false;
	*v = q->slot[t];
	STORE(&q->tail, (t + 1) & q->mask, release);
	return true;
}

static struct ring *make(void)
{
	struct ring *q = aligned_alloc(64, sizeof *q);
	memset(q, 0, sizeof *q);
	q->slot = calloc(SLOTS, sizeof *q->slot);
	q->mask = SLOTS - 1;
	return q;
}

static void *begin(void *x)
{
	for (long i = 0; i < rounds;)
		if (try_push(first, i))
			i++;
		else
			sched_yield();
	return x;
}

static void *middle(void *x)
{
	long v;
	for (long i = 0; i < rounds; i++) {
		while (!try_pop(first, &v))
			sched_yield();
		while (!try_push(second, v * 2))
			sched_yield();
	}
	return x;
}

static void *end(void *x)
{
	long s = 0, v;
	for (long i = 0; i < rounds;)
		if (try_pop(second, &v)) {
			s += v;
			i++;
		} else {
			sched_yield();
		}
	TELL("%ld", s);
	return x;
}

static void *any(void *x)
{
	void *(*const parts[])(void *) = {begin, middle, end};
	return parts[(long)x](x);
}

static int body(void)
{
	first = make();
	second = make();
	run_all(3, any);
	return 0;
}
