// A loop that waits by what its round before loaded, and whose way out lies in the middle of its code.
// cflags: -O0 -gdwarf-4
// compilers: gcc clang clang-19
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "../gate.h"

struct shared {
	atomic_int ready;
	int value;
};

static struct gate stored;

static void *publish(void *argument)
{
	struct shared *shared = argument;
	shared->value = 1;
	atomic_store_explicit(&shared->ready, 1, memory_order_release);
	gate_open(&stored, 1);
	return argument;
}

static void *take(void *argument)
{
	struct shared *shared = argument;
	int ready = 0;
	gate_wait(&stored, 1);
again:
	if (!ready)
		goto look;
	printf("%d\n", shared->value);
	return argument;
look:
	ready = atomic_load_explicit(&shared->ready, memory_order_acquire);
	goto again;
}

int main(void)
{
	struct shared shared = {0};
	pthread_t threads[2];
	pthread_create(&threads[0], NULL, publish, &shared);
	pthread_create(&threads[1], NULL, take, &shared);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}
