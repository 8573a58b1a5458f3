// A ring whose consumer asks first whether there is something, then for what, and takes it out then: each side keeps what it saw last
// of the other's index.
// not at: -O0 -Os
#include "../idiom.h"

enum { SLOTS = 8 };
static struct ring {
	_Alignas(64) atomic_ulong put;
	unsigned long seen_taken;
	_Alignas(64) atomic_ulong taken;
	unsigned long seen_put;
	_Alignas(64) long slots[SLOTS];
} * ring;

static inline void put_in(long value)
{
	unsigned long put = LOAD(&ring->put, relaxed), next = put + 1;
	if (next == SLOTS)
		next = 0;
	while (next == ring->seen_taken)
		ring->seen_taken = LOAD(&ring->taken, acquire);
	if (!BROKEN)
		ring->slots[put] = value;
	STORE(&ring->put, next, release);
	if (BROKEN)
		ring->slots[put] = value;
}

static inline long *front(void)
{
	unsigned long taken = LOAD(&ring->taken, relaxed);
	if (taken == ring->seen_put) {
		ring->seen_put = LOAD(&ring->put, acquire);
		if (taken == ring->seen_put)
			return NULL;
	}
	return &ring->slots[taken];
}

static inline void take_out(void)
{
	unsigned long taken = LOAD(&ring->taken, relaxed), next = taken + 1;
	if (taken == LOAD(&ring->put, acquire))
		abort();
	if (next == SLOTS)
		next = 0;
	STORE(&ring->taken, next, release);
}

static void *produce(void *x)
{
	for (long i = 0; i < rounds; i++)
		put_in(i);
	return x;
}

static void *consume(void *x)
{
	long sum = 0;
	for (long i = 0; i < rounds; i++) {
		while (!front())
			;
		sum += *front();
		take_out();
	}
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	ring = aligned_alloc(64, sizeof(*ring));
	memset(ring, 0, sizeof(*ring));
	run_two(consume, produce);
	free(ring);
	return 0;
}
