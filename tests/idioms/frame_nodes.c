// The lock of Mellor-Crummey & Scott whose nodes lie in the frames of who takes it: one address is a node of one call after the other,
// from several places.
// not at: -O0
#include "../idiom.h"

struct waiting {
	_Atomic(struct waiting *) next;
	atomic_bool locked;
};
static _Atomic(struct waiting *) last;
static long counts[2];

static inline __attribute__((always_inline)) void lock(struct waiting *own)
{
	STORE(&own->next, NULL, relaxed);
	STORE(&own->locked, false, relaxed);
	struct waiting *before = EXCHANGE(&last, own, acq_rel);
	if (before) {
		STORE(&own->locked, true, relaxed);
		STORE(&before->next, own, release);
		while (LOAD(&own->locked, acquire))
			sched_yield();
	}
}

static inline __attribute__((always_inline)) void unlock(struct waiting *own)
{
	struct waiting *next = LOAD(&own->next, acquire), *me = own;
	if (!next) {
		if (COMPARE_EXCHANGE(&last, &me, NULL, release, relaxed))
			return;
		while (!(next = LOAD(&own->next, acquire)))
			sched_yield();
	}
	STORE(&next->locked, false, release);
}

static APART void count(long *to)
{
	struct waiting own;
	lock(&own);
	++*to;
	unlock(&own);
}

static APART long look(const long *at)
{
	struct waiting own;
	lock(&own);
	long is = *at;
	unlock(&own);
	return is;
}

static void *any(void *x)
{
	long most = 0;
	for (long i = 0; i < rounds; i++) {
		count(&counts[0]);
		if (i % 10 == 0 && look(&counts[0]) > most)
			most = look(&counts[0]);
		count(&counts[1]);
		if (BROKEN)
			counts[i % 2]++;
	}
	return most < 0 ? NULL : x;
}

static int body(void)
{
	run_all(3, any);
	TELL("%ld %ld", counts[0], counts[1]);
	return 0;
}
