// A CLH lock: each waits for a flag in its predecessor's node.
#include "../idiom.h"

struct q {
	atomic_int locked;
};
static _Atomic(struct q *) tail;
static long count;

static void *any(void *x)
{
	struct q *me = calloc(1, sizeof *me);
	for (long i = 0; i < rounds; i++) {
		STORE(&me->locked, 1, relaxed);
		struct q *p = EXCHANGE(&tail, me, acq_rel);
		while (LOAD(&p->locked, acquire))
			sched_yield();
		count++;
		STORE(&me->locked, 0, release);
		if (BROKEN)
			count++;
		me = p;
	}
	return x;
}

static int body(void)
{
	tail = calloc(1, sizeof(struct q));
	run_all(3, any);
	TELL("%ld", count);
	return 0;
}
