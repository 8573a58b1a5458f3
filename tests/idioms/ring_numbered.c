// A ring for one producer and several consumers: who takes gets a number by an atomic addition, and looks whether so many have been
// put in; first without a number, so that few are in vain. Numbers that were in vain are given back by another count.
#include "../idiom.h"

enum { PLACES = 4096 /* more than are put in: none is used again */, TAKERS = 2 };

struct ring {
	atomic_long asked; /* numbers that were taken; of these in vain: */
	atomic_long vain;
	char apart[64];
	atomic_long head, tail;
	long *places[PLACES];
};
static struct ring *ring;
static _Atomic long sum;
static pthread_barrier_t start;

static bool put(struct ring *to, long *item)
{
	long tail = LOAD(&to->tail, relaxed);
	if (tail - LOAD(&to->head, acquire) == PLACES)
		return false;
	to->places[tail % PLACES] = item;
	STORE(&to->tail, tail + 1, release);
	if (BROKEN)
		*item = 2;
	return true;
}

__attribute__((noinline)) static long *take(struct ring *from)
{
	long vain = LOAD(&from->vain, relaxed);
	if (LOAD(&from->asked, relaxed) - vain - LOAD(&from->tail, relaxed) >= 0)
		return NULL;
	atomic_thread_fence(memory_order_acquire);
	if (ADD(&from->asked, 1, relaxed) - vain - LOAD(&from->tail, acquire) < 0)
		return from->places[ADD(&from->head, 1, acq_rel) % PLACES];
	ADD(&from->vain, 1, release);
	return NULL;
}

static void *give(void *x)
{
	pthread_barrier_wait(&start);
	for (long i = 0; i < TAKERS * rounds; i++) {
		long *item = malloc(sizeof(*item));
		*item = i;
		if (!put(ring, item))
			abort();
	}
	return x;
}

static void *any(void *x)
{
	pthread_barrier_wait(&start);
	for (long taken = 0; taken < rounds;) {
		long *item = take(ring);
		if (item) {
			ADD(&sum, *item, relaxed);
			taken++;
			free(item);
		}
	}
	return x;
}

static int body(void)
{
	pthread_t giver;
	ring = calloc(1, sizeof(*ring));
	pthread_barrier_init(&start, NULL, 1 + TAKERS);
	pthread_create(&giver, NULL, give, NULL);
	run_all(TAKERS, any);
	pthread_join(giver, NULL);
	TELL("%ld", sum);
	pthread_barrier_destroy(&start);
	free(ring);
	return 0;
}
