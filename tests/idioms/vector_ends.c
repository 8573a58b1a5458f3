// A vector that one thread adds to and another goes through, under a lock. Its two ends are compared as a ring's indices are, and a
// loop around the reading goes round in vain while there is nothing in it; but that is no synchronisation.
#include "../idiom.h"

struct vector {
	long *first, *end, *limit;
};
static struct vector vector;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool stop;

static APART void grow(struct vector *v)
{
	long size = v->end - v->first, room = size ? 2 * size : rounds;
	v->first = realloc(v->first, (size_t)room * sizeof(long));
	v->end = v->first + size;
	v->limit = v->first + room;
}

static inline void push(struct vector *v, long value)
{
	if (v->end == v->limit)
		grow(v);
	*v->end = value;
	v->end++;
}

static void *add(void *argument)
{
	struct vector *v = argument;
	for (long i = 1; i < rounds; i++) {
		pthread_mutex_lock(&lock);
		push(v, i);
		pthread_mutex_unlock(&lock);
	}
	STORE(&stop, true, release);
	return NULL;
}

static void *sum_up(void *argument)
{
	struct vector *v = argument;
	long sum = 0;
	while (!LOAD(&stop, acquire)) {
		if (!BROKEN)
			pthread_mutex_lock(&lock);
		for (const long *p = v->first; p != v->end; p++)
			sum += *p;
		if (!BROKEN)
			pthread_mutex_unlock(&lock);
	}
	return (void *)sum;
}

static int body(void)
{
	pthread_t threads[2];
	grow(&vector);
	push(&vector, 1);
	pthread_create(&threads[0], NULL, sum_up, &vector);
	pthread_create(&threads[1], NULL, add, &vector);
	for (unsigned i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	TELL("%ld", (long)(vector.end - vector.first));
	free(vector.first);
	return 0;
}
