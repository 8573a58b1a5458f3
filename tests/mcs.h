/* The MCS lock (Mellor-Crummey and Scott, 1991): each waits for a flag in a node of its own. */
#ifndef RACETRACK_TESTS_MCS_H
#define RACETRACK_TESTS_MCS_H

#include "idiom.h"

struct q {
	_Atomic(struct q *) next;
	atomic_int locked;
};
static _Atomic(struct q *) tail;

static inline void lock(struct q *me)
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

static inline void unlock(struct q *me)
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

#endif
