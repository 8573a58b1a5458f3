// What was stored after the release that a loop waits for, by a thread that was done with it all before the loop's first look.
// cflags: -gdwarf-4
// compilers: gcc clang clang-19
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

#include "../gate.h"

static struct gate stored;
static atomic_int ready;
static atomic_long filled;
static long before, after, early[2];

static void *publish(void *argument)
{
	before = 1;
	atomic_store_explicit(&ready, 1, memory_order_release);
	after = 2; // race: race-data after
	atomic_store_explicit(&filled, 2, memory_order_release);
	early[1] = 3; // race: race-data early
	gate_open(&stored, 1);
	return argument;
}

static long drain(void)
{
	long sum = 0, seen = 0;
	while (seen < 2) {
		long until = atomic_load_explicit(&filled, memory_order_acquire);
		for (; seen < until; seen++)
			sum += early[seen]; // race: race-data early
	}
	return sum;
}

static void *take(void *argument)
{
	gate_wait(&stored, 1);
	while (!atomic_load_explicit(&ready, memory_order_acquire))
		sched_yield();
	long sum = before;
	sum += after; // race: race-data after
	*(long *)argument = sum + drain();
	return argument;
}

int main(void)
{
	pthread_t threads[2];
	long sum = 0;
	pthread_create(&threads[0], NULL, publish, NULL);
	pthread_create(&threads[1], NULL, take, &sum);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	printf("%ld\n", sum);
	return 0;
}
