// Rings that are new each time: their reader looks already when the first word is put in, by an exchange.
#include "../idiom.h"

enum { SLOTS = 4 };
struct ring {
	atomic_ulong head, tail;
	long slot[SLOTS];
};
static struct ring *ring;

static __attribute__((noinline)) bool try_put(struct ring *r, long value)
{
	unsigned long tail = LOAD(&r->tail, relaxed);
	if (tail - LOAD(&r->head, acquire) == SLOTS)
		return false;
	if (!BROKEN)
		r->slot[tail % SLOTS] = value;
	STORE(&r->tail, tail + 1, seq_cst);
	if (BROKEN)
		r->slot[tail % SLOTS] = value;
	return true;
}

static __attribute__((noinline)) bool try_take(struct ring *r, long *value)
{
	unsigned long head = LOAD(&r->head, relaxed);
	if (head == LOAD(&r->tail, acquire))
		return false;
	*value = r->slot[head % SLOTS];
	STORE(&r->head, head + 1, seq_cst);
	return true;
}

static void *puts_one(void *x)
{
	usleep(50);
	while (!try_put(ring, 1))
		;
	return x;
}

static void *takes_one(void *x)
{
	long value;
	while (!try_take(ring, &value))
		;
	return x;
}

static int body(void)
{
	for (long i = 0; i < rounds; i++) {
		ring = calloc(1, sizeof(*ring));
		run_two(takes_one, puts_one);
		free(ring);
	}
	return 0;
}
