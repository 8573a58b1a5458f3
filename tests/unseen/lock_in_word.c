// A lock of which a bit says that somebody waits, as PostgreSQL's and others': lock cmpxchg and lock and, in functions of their own.
#include "../idiom.h"

struct lock {
	volatile uint32_t state;
	uint32_t protects;
};
static struct lock *lock;

static __attribute__((noinline)) bool change(volatile uint32_t *place, uint32_t old, uint32_t value)
{
	bool well;
	__asm__ volatile("lock; cmpxchgl %3, %1\n	sete %2"
			 : "+a"(old), "+m"(*place), "=q"(well)
			 : "r"(value)
			 : "memory", "cc");
	return well;
}

static __attribute__((noinline)) void clear(volatile uint32_t *place, uint32_t bits)
{
	__asm__ volatile("lock; andl %1, %0" : "+m"(*place) : "r"(~bits) : "memory", "cc");
}

static void *count(void *x)
{
	for (long i = 0; i < rounds; i++) {
		uint32_t seen = lock->state;
		while ((seen & 1) || !change(&lock->state, seen, seen | 1)) {
			sched_yield();
			seen = lock->state;
		}
		if (!BROKEN)
			lock->protects++;
		clear(&lock->state, 1);
		if (BROKEN)
			lock->protects++;
	}
	return x;
}

static int body(void)
{
	lock = calloc(1, sizeof(*lock));
	run_all(3, count);
	TELL("%u", lock->protects);
	free(lock);
	return 0;
}
