// Work in slots, each with a state.
#include "../idiom.h"

struct t {
	atomic_int st;
	long in, out;
};
static struct t s[2];

static void *wk(void *x)
{
	struct t *t = &s[(long)x];
	for (;;) {
		int v = LOAD(&t->st, acquire);
		if (v == 3)
			return x;
		if (v != 1) {
			sched_yield();
			continue;
		}
		t->out = t->in * 2;
		STORE(&t->st, 2, release);
		if (BROKEN)
			t->out++;
	}
}

static void *any(void *x)
{
	if ((long)x < 2)
		return wk(x);
	long sum = 0;
	for (long i = 0; i < rounds; i++) {
		struct t *t = &s[i % 2];
		t->in = i;
		STORE(&t->st, 1, release);
		while (LOAD(&t->st, acquire) != 2)
			sched_yield();
		sum += t->out;
		STORE(&t->st, 0, relaxed);
	}
	STORE(&s[0].st, 3, release);
	STORE(&s[1].st, 3, release);
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	run_all(3, any);
	return 0;
}
