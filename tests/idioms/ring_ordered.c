// A ring whose two functions look once each; one stores its index plainly, the other by an exchange, as the strictest order asks.
#include "../idiom.h"

enum { SLOTS = 4 };
static struct ring {
	atomic_uint taken, put;
	long slots[SLOTS];
} ring;

static __attribute__((noinline)) bool puts_in(long value)
{
	unsigned put = LOAD(&ring.put, relaxed);
	if (put - LOAD(&ring.taken, acquire) == SLOTS)
		return false;
	if (!BROKEN)
		ring.slots[put % SLOTS] = value;
	STORE(&ring.put, put + 1, release);
	if (BROKEN)
		ring.slots[put % SLOTS] = value;
	return true;
}

static __attribute__((noinline)) bool takes_out(long *value)
{
	unsigned taken = LOAD(&ring.taken, relaxed);
	if (taken == LOAD(&ring.put, acquire))
		return false;
	*value = ring.slots[taken % SLOTS];
	STORE(&ring.taken, taken + 1, seq_cst);
	return true;
}

static void *produce(void *x)
{
	for (long i = 0; i < rounds; i++)
		while (!puts_in(i))
			sched_yield();
	return x;
}

static void *consume(void *x)
{
	long sum = 0, value;
	for (long i = 0; i < rounds; i++) {
		while (!takes_out(&value))
			sched_yield();
		sum += value;
	}
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	run_two(produce, consume);
	return 0;
}
