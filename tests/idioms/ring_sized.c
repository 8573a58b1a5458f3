// A ring for one producer and one consumer, by functions of its own; a third thread, and the consumer, ask how much there is, which
// compares the two indices and takes nothing out.
#include "../idiom.h"

enum { PLACES = 64 };

struct ring {
	atomic_ulong head, tail;
	long places[PLACES];
};
static struct ring *ring;

static __attribute__((noinline)) unsigned long size(struct ring *of)
{
	unsigned long head = LOAD(&of->head, acquire), tail = LOAD(&of->tail, acquire);
	return tail - head;
}

static __attribute__((noinline)) bool is_empty(struct ring *of)
{
	return LOAD(&of->head, relaxed) == LOAD(&of->tail, acquire);
}

static __attribute__((noinline)) bool put(struct ring *to, long item)
{
	unsigned long tail = LOAD(&to->tail, relaxed);
	if (tail - LOAD(&to->head, acquire) == PLACES)
		return false;
	if (!BROKEN)
		to->places[tail % PLACES] = item;
	STORE(&to->tail, tail + 1, release);
	if (BROKEN)
		to->places[tail % PLACES] = item;
	return true;
}

static __attribute__((noinline)) long take(struct ring *from)
{
	unsigned long head = LOAD(&from->head, relaxed);
	if (head == LOAD(&from->tail, acquire))
		return -1;
	long item = from->places[head % PLACES];
	STORE(&from->head, head + 1, release);
	return item;
}

static void *give(void *x)
{
	for (long i = 0; i < rounds; i += put(ring, i))
		free(malloc(8));
	return x;
}

static void *get(void *x)
{
	long sum = 0;
	for (long i = 0; i < rounds; free(malloc(8)))
		if (!is_empty(ring)) {
			sum += take(ring);
			i++;
		}
	TELL("%ld", sum);
	return x;
}

static void *watch(void *x)
{
	unsigned long most = 0;
	for (long i = 0; i < rounds / 10; i++) {
		unsigned long now = size(ring);
		most = now > most && now <= PLACES ? now : most;
		usleep(50);
	}
	return (void *)most;
}

static int body(void)
{
	pthread_t watcher;
	ring = calloc(1, sizeof(*ring));
	pthread_create(&watcher, NULL, watch, NULL);
	run_two(give, get);
	pthread_join(watcher, NULL);
	free(ring);
	return 0;
}
