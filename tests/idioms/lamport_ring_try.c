// Lamport's ring whose ends are tried once, in loops that do other things.
#include "../idiom.h"

enum { R = 8 };
struct ring {
	atomic_uint h, t;
	int v[R];
};
static struct ring *r;

static bool push(struct ring *r, int v)
{
	unsigned t = LOAD(&r->t, relaxed), n = (t + 1) % R;
	if (n == LOAD(&r->h, acquire))
		return false;
	if (BROKEN) {
		STORE(&r->t, n, release);
		r->v[t] = v;
	} else {
		r->v[t] = v;
		STORE(&r->t, n, release);
	}
	return true;
}

static bool pop(struct ring *r, int *v)
{
	unsigned h = LOAD(&r->h, relaxed);
	if (h == LOAD(&r->t, acquire))
		return false;
	*v = r->v[h];
	STORE(&r->h, (h + 1) % R, release);
	return true;
}

static void *prod(void *x)
{
	for (int i = 0; i < rounds + 20;)
		if (push(r, i))
			i++;
		else
			sched_yield();
	return x;
}

static void *cons(void *x)
{
	long s = 0;
	int v;
	for (int i = 0; i < rounds + 20;)
		if (pop(r, &v)) {
			s += v;
			i++;
		} else
			sched_yield();
	TELL("%ld", s);
	return x;
}

static int body(void)
{
	r = calloc(1, sizeof *r);
	run_two(prod, cons);
	return 0;
}
