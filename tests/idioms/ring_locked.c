// A ring under a lock, which nobody may ask without the lock whether there is something.
#include "../idiom.h"

enum { PLACES = 64 };

static struct ring {
	pthread_mutex_t lock;
	unsigned long head, tail;
	long places[PLACES];
} * ring;

static __attribute__((noinline)) bool is_empty(struct ring *of)
{
	return of->head == of->tail;
}

static __attribute__((noinline)) bool put(struct ring *to, long item)
{
	pthread_mutex_lock(&to->lock);
	unsigned long tail = to->tail;
	bool fits = tail - to->head < PLACES;
	if (fits) {
		to->places[tail % PLACES] = item;
		to->tail = tail + 1;
	}
	pthread_mutex_unlock(&to->lock);
	return fits;
}

static __attribute__((noinline)) long take(struct ring *from)
{
	pthread_mutex_lock(&from->lock);
	unsigned long head = from->head;
	long item = from->places[head % PLACES];
	from->head = head + 1;
	pthread_mutex_unlock(&from->lock);
	return item;
}

static void *give(void *x)
{
	for (long i = 0; i < rounds;)
		if (put(ring, i))
			i++;
		else
			usleep(20);
	return x;
}

static void *get(void *x)
{
	long sum = 0;
	for (long i = 0; i < rounds;) {
		if (!BROKEN)
			pthread_mutex_lock(&ring->lock);
		bool empty = is_empty(ring);
		if (!BROKEN)
			pthread_mutex_unlock(&ring->lock);
		if (empty) {
			usleep(20);
		} else {
			sum += take(ring);
			i++;
		}
	}
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	ring = calloc(1, sizeof(*ring));
	pthread_mutex_init(&ring->lock, NULL);
	run_two(give, get);
	free(ring);
	return 0;
}
