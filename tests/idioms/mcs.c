// An MCS lock: each waits for a flag in its own node.
#include "../idiom.h"

struct q {
	_Atomic(struct q *) next;
	atomic_int locked;
};
static _Atomic(struct q *) tail;
static long count;

static void lock(struct q *me)
{
	STORE(&me->next, NULL, relaxed);
	STORE(&me->locked, 1, relaxed);
	struct q *p = EXCHANGE(&tail, me, acq_rel);
	if (p) {
		STORE(&p->next, me, release);
		while (LOAD(&me->locked, acquire))
			relax();
	}
}

static void unlock(struct q *me)
{
	struct q *n = LOAD(&me->next, acquire);
	if (!n) {
		struct q *e = me;
		if (COMPARE_EXCHANGE(&tail, &e, NULL, release, relaxed))
			return;
		while (!(n = LOAD(&me->next, acquire)))
			relax();
	}
	STORE(&n->locked, 0, release);
}

static void *any(void *x)
{
	struct q me;
	for (long i = 0; i < rounds; i++) {
		lock(&me);
		count++;
		unlock(&me);
		if (BROKEN)
			count++;
	}
	return x;
}

static int body(void)
{
	run_all(3, any);
	TELL("%ld", count);
	return 0;
}
