// A ring with two producers, and two consumers, each kind with a lock of its own; the broken one's consumers have none.
#include "../idiom.h"

enum { SLOTS = 16, ENOUGH = 2000 };
static struct {
	_Alignas(64) atomic_ulong head;
	_Alignas(64) atomic_ulong tail;
	_Alignas(64) long slot[SLOTS];
} q;
static pthread_mutex_t m[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static atomic_long sum;

static __attribute__((noinline)) bool try_push(long v)
{
	unsigned long h = LOAD(&q.head, relaxed);
	if (h - LOAD(&q.tail, acquire) == SLOTS)
		return false;
	q.slot[h % SLOTS] = v;
	STORE(&q.head, h + 1, release);
	return true;
}

static __attribute__((noinline)) bool try_pop(long *v)
{
	unsigned long t = LOAD(&q.tail, relaxed);
	if (t == LOAD(&q.head, acquire))
		return false;
	*v = q.slot[t % SLOTS];
	STORE(&q.tail, t + 1, release);
	return true;
}

static bool try_one(bool pushes, long *v)
{
	bool locks = !BROKEN || pushes;
	if (locks)
		pthread_mutex_lock(&m[pushes]);
	bool done = pushes ? try_push(*v) : try_pop(v);
	if (locks)
		pthread_mutex_unlock(&m[pushes]);
	return done;
}

static void *any(void *x)
{
	bool pushes = (long)x < 2;
	long s = 0;
	for (long i = 0; i < rounds / 2; i++) {
		long v = i;
		for (int k = 0; !try_one(pushes, &v) && (!BROKEN || k < ENOUGH); k++)
			sched_yield();
		s += pushes ? 0 : v;
	}
	ADD(&sum, s, relaxed);
	return x;
}

static int body(void)
{
	run_all(4, any);
	TELL("%ld", sum);
	return 0;
}
