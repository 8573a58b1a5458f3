// A reader that looks at the version number before and not after; and what a version number's reader writes itself.
// cflags: -gdwarf-4
// compilers: gcc clang clang-19
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "../gate.h"

static struct gate read;
static atomic_uint version;
static long looked_at, words[2], readers;

static void *look(void *argument)
{
	unsigned before, after;
	long a, b, c;
	before = atomic_load_explicit(&version, memory_order_acquire);
	c = before & 1 ? 0 : looked_at; // race: race-data looked_at
	do {
		before = atomic_load_explicit(&version, memory_order_acquire);
		a = ((volatile long *)words)[0];
		b = ((volatile long *)words)[1];
		atomic_thread_fence(memory_order_acquire);
		after = atomic_load_explicit(&version, memory_order_relaxed);
	} while (before != after);
	readers++; // race: race-data readers
	*(long *)argument = a + b + c;
	gate_open(&read, 1);
	return argument;
}

static void *change(void *argument)
{
	gate_wait(&read, 1);
	unsigned before = atomic_load_explicit(&version, memory_order_relaxed);
	atomic_store_explicit(&version, before + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	looked_at = 1; // race: race-data looked_at
	((volatile long *)words)[0] = 1;
	((volatile long *)words)[1] = 1;
	atomic_store_explicit(&version, before + 2, memory_order_release);
	readers++; // race: race-data readers
	return argument;
}

int main(void)
{
	pthread_t threads[2];
	long sum = 0;
	pthread_create(&threads[0], NULL, look, &sum);
	pthread_create(&threads[1], NULL, change, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	printf("%ld\n", sum);
	return 0;
}
