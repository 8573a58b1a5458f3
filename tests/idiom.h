/* Ways in which programs synchronise by atomic operations, one a program: correct, and with BROKEN=1 with a mistake. The atomics are
 * C's, but nothing tells racetrack so: the programs are built without debug information and without hooks.
 *
 * An idiom writes `static int body(void)`. The argument is how often it does what it does. */
#ifndef RACETRACK_TESTS_IDIOM_H
#define RACETRACK_TESTS_IDIOM_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LOAD(place, order)            atomic_load_explicit(place, memory_order_##order)
#define STORE(place, value, order)    atomic_store_explicit(place, value, memory_order_##order)
#define ADD(place, value, order)      atomic_fetch_add_explicit(place, value, memory_order_##order)
#define SUB(place, value, order)      atomic_fetch_sub_explicit(place, value, memory_order_##order)
#define EXCHANGE(place, value, order) atomic_exchange_explicit(place, value, memory_order_##order)
#define COMPARE_EXCHANGE(place, expected, value, order, failure)                                             \
	atomic_compare_exchange_strong_explicit(                                                             \
		place, expected, value, memory_order_##order, memory_order_##failure)
#define FENCE(order) atomic_thread_fence(memory_order_##order)

/* The result; of a broken program it may be anything. */
#define TELL(...)                                                                                            \
	do {                                                                                                 \
		char line[64];                                                                               \
		snprintf(line, sizeof(line), __VA_ARGS__);                                                   \
		if (!BROKEN)                                                                                 \
			puts(line);                                                                          \
	} while (0)

/* gcc keeps what it can in registers where it knows that what is called does not touch it, atomic operations or not. */
#ifdef __clang__
#define APART __attribute__((noinline))
#else
#define APART __attribute__((noipa))
#endif

static long rounds;

static inline void relax(void)
{
	__builtin_ia32_pause();
}

/* At most 8 threads, whose arguments are their numbers. */
static inline void run_all(int count, void *(*work)(void *))
{
	pthread_t threads[8];
	for (long i = 0; i < count; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

static inline void run_two(void *(*one)(void *), void *(*other)(void *))
{
	pthread_t threads[2];
	pthread_create(&threads[0], NULL, one, NULL);
	pthread_create(&threads[1], NULL, other, (void *)1);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
}

static int body(void);

int main(int count, char **arguments)
{
	rounds = count > 1 ? atol(arguments[1]) : 1000;
	return body();
}

#endif
