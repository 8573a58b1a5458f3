// A lock in the lowest bit of a pointer.
#include "../idiom.h"

static _Atomic uintptr_t w;
struct n {
	long v;
};

static struct n *lk(void)
{
	for (;;) {
		uintptr_t v = LOAD(&w, relaxed);
		if (!(v & 1) && COMPARE_EXCHANGE(&w, &v, v | 1, acquire, relaxed))
			return (struct n *)v;
		sched_yield();
	}
}

static void *any(void *x)
{
	for (long i = 0; i < rounds; i++) {
		struct n *p = lk();
		p->v++;
		STORE(&w, (uintptr_t)p, release);
		if (BROKEN)
			p->v++;
	}
	return x;
}

static int body(void)
{
	struct n *p = calloc(1, sizeof *p);
	w = (uintptr_t)p;
	run_all(3, any);
	TELL("%ld", p->v);
	return 0;
}
