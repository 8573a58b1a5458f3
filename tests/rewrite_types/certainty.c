/* A finding for each way to be certain, or no more than inferred. What calls read and write is not atomic; so whether such a race
 * is certain depends on what else may order it. */
#include <pthread.h>
#include <string.h>

#include "gate.h"

enum { BYTES = 24 };

static long counter;           /* certain: what both sides do is lost */
static volatile long moved;    /* inferred: may be atomic */
static char unrelated[BYTES];  /* certain */
static char by_pointer[BYTES]; /* inferred, by `pointer` */
static char by_flag[BYTES];    /* inferred, by `flag` */
static char by_others[BYTES];  /* inferred: who published knew of it */
static char afterwards[BYTES]; /* certain: written when all was published */
static char *volatile pointer; /* inferred */
static volatile int flag;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct gate gate;
char sink[BYTES];
static volatile size_t bytes = BYTES; /* the compiler must not know it */
static volatile long sum;

#define FILL(to, with) memset(to, with, bytes)
#define TAKE(from)     memcpy(sink, from, bytes)

static void lock_and_unlock(void)
{
	pthread_mutex_lock(&mutex);
	pthread_mutex_unlock(&mutex);
}

static void *write_first(void *argument)
{
	FILL(by_others, 1);
	lock_and_unlock();
	gate_open(&gate, 1);
	return argument;
}

static void *write_and_publish(void *argument)
{
	gate_wait(&gate, 1);
	lock_and_unlock();
	moved = 1;
	FILL(by_flag, 3);
	flag = 1;
	FILL(by_pointer, 2);
	pointer = by_pointer;
	pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_lock(&own);
	pthread_mutex_unlock(&own);
	FILL(afterwards, 4);
	gate_open(&gate, 2);
	return argument;
}

static void *read_all(void *argument)
{
	gate_wait(&gate, 3);
	TAKE(unrelated);
	counter++;
	if (flag)
		TAKE(by_flag);
	sum = moved;
	TAKE(pointer);
	TAKE(by_others);
	TAKE(afterwards);
	return argument;
}

static void *write_unrelated(void *argument)
{
	gate_wait(&gate, 2);
	FILL(unrelated, 5);
	counter++;
	gate_open(&gate, 3);
	return argument;
}

int main(void)
{
	void *(*const bodies[])(void *) = {write_first, write_and_publish, read_all, write_unrelated};
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, bodies[i], NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
