// A ring whose indices begin anew at its end, and whose slots are large.
#include "../idiom.h"

enum { SLOTS = 10 };
struct item {
	long a, b;
	void *c;
};
static struct {
	atomic_size_t w, r;
	struct item items[SLOTS];
} q;

static __attribute__((noinline)) bool put(const struct item *i)
{
	size_t w = LOAD(&q.w, relaxed), next = w + 1;
	if (next == SLOTS)
		next = 0;
	if (next == LOAD(&q.r, acquire))
		return false;
	if (BROKEN)
		STORE(&q.w, next, release);
	q.items[w] = *i;
	if (!BROKEN)
		STORE(&q.w, next, release);
	return true;
}

static __attribute__((noinline)) bool take(struct item *i)
{
	size_t r = LOAD(&q.r, relaxed);
	if (r == LOAD(&q.w, acquire))
		return false;
	*i = q.items[r];
	if (++r == SLOTS)
		r = 0;
	STORE(&q.r, r, release);
	return true;
}

static void *prod(void *x)
{
	for (long i = 0; i < rounds; i++) {
		struct item item = {i, 2 * i, x};
		while (!put(&item))
			usleep(1);
	}
	return x;
}

static void *cons(void *x)
{
	long s = 0;
	struct item item;
	for (long i = 0; i < rounds; i++) {
		while (!take(&item))
			usleep(1);
		s += item.a + item.b;
	}
	TELL("%ld", s);
	return x;
}

static int body(void)
{
	run_two(prod, cons);
	return 0;
}
