// Locks of Mellor-Crummey & Scott and of Craig, Landin & Hagersten, whose nodes are variables of the threads' own: what is waited for
// is reached by way of them, time and again.
// not at: -O0
#include "../idiom.h"

struct waiting {
	_Atomic(struct waiting *) next;
	atomic_bool locked;
};
static _Atomic(struct waiting *) waits_last;
static _Thread_local struct waiting own;

struct turn {
	atomic_bool locked;
};
static _Atomic(struct turn *) turns_last;
static _Thread_local struct turn *mine, *before;

static long counts[2];

static APART void lock_waits(void)
{
	STORE(&own.next, NULL, relaxed);
	STORE(&own.locked, true, relaxed);
	struct waiting *last = EXCHANGE(&waits_last, &own, acq_rel);
	if (last) {
		STORE(&last->next, &own, release);
		while (LOAD(&own.locked, acquire))
			sched_yield();
	}
}

static APART void unlock_waits(void)
{
	struct waiting *next = LOAD(&own.next, acquire);
	if (!next) {
		struct waiting *last = &own;
		if (COMPARE_EXCHANGE(&waits_last, &last, NULL, release, relaxed))
			return;
		while (!(next = LOAD(&own.next, acquire)))
			sched_yield();
	}
	STORE(&next->locked, false, release);
}

static APART void lock_turns(void)
{
	STORE(&mine->locked, true, relaxed);
	before = EXCHANGE(&turns_last, mine, acq_rel);
	while (LOAD(&before->locked, acquire))
		sched_yield();
}

static APART void unlock_turns(void)
{
	STORE(&mine->locked, false, release);
	mine = before;
}

static void *any(void *x)
{
	mine = calloc(1, sizeof(*mine));
	for (long i = 0; i < rounds; i++) {
		lock_waits();
		counts[0]++;
		unlock_waits();
		lock_turns();
		counts[1]++;
		unlock_turns();
		if (BROKEN)
			counts[i % 2]++;
	}
	return x;
}

static int body(void)
{
	turns_last = calloc(1, sizeof(struct turn));
	run_all(3, any);
	TELL("%ld %ld", counts[0], counts[1]);
	return 0;
}
