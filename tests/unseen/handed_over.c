// One thread hands words to another by moves in inline assembly alone.
#include "../idiom.h"

#include "moves.h"

enum { PLACES = 8 };

static struct ring {
	long head, tail;
	long *places[PLACES];
} ring;

static void *give(void *x)
{
	long *item;
	for (long i = 0; i < rounds; i++) {
		long tail = ring.tail;
		while (tail - load(&ring.head) == PLACES)
			sched_yield();
		item = malloc(sizeof(*item));
		*item = i;
		ring.places[tail % PLACES] = item;
		store(&ring.tail, tail + 1);
		if (BROKEN)
			*item = 0;
	}
	return x;
}

static void *take(void *x)
{
	long sum = 0;
	for (long i = 0; i < rounds; i++) {
		long head = ring.head;
		while (load(&ring.tail) == head)
			sched_yield();
		long *item = ring.places[head % PLACES];
		store(&ring.head, head + 1);
		sum += *item;
		free(item);
	}
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	run_two(give, take);
	return 0;
}
