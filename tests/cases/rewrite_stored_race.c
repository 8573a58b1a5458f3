// What a thread does after the store that another one waits for, and after a release of something else, does not go with the store,
// though both were done before anybody looked.
// cflags: -gdwarf-4
// compilers: gcc clang clang-19
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "../gate.h"

struct shared {
	atomic_int ready;
	long before, after;
};

static struct gate stored;
static pthread_mutex_t other = PTHREAD_MUTEX_INITIALIZER;

static void *publish(void *argument)
{
	struct shared *shared = argument;
	shared->before = 1;
	atomic_store_explicit(&shared->ready, 1, memory_order_release);
	pthread_mutex_lock(&other);
	pthread_mutex_unlock(&other);
	shared->after = 2; // race: race-data after
	gate_open(&stored, 1);
	return argument;
}

static void *take(void *argument)
{
	struct shared *shared = argument;
	gate_wait(&stored, 1);
	while (!atomic_load_explicit(&shared->ready, memory_order_acquire))
		sched_yield();
	long sum = shared->before;
	sum += shared->after; // race: race-data after
	printf("%ld\n", sum);
	return argument;
}

int main(void)
{
	struct shared *shared = calloc(1, sizeof(*shared));
	pthread_t threads[2];
	pthread_create(&threads[0], NULL, publish, shared);
	pthread_create(&threads[1], NULL, take, shared);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	free(shared);
	return 0;
}
