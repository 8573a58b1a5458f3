/* What the examples share, so that each can be about its bug. */
#ifndef RACETRACK_EXAMPLES_EXAMPLE_H
#define RACETRACK_EXAMPLES_EXAMPLE_H

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

/* Both threads run before either is waited for. */
static inline void run_both(void *(*first)(void *), void *(*second)(void *), void *a, void *b)
{
	pthread_t threads[2];
	if (pthread_create(&threads[0], NULL, first, a) || pthread_create(&threads[1], NULL, second, b))
		abort();
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
}

static inline void must(int error)
{
	if (error) {
		fprintf(stderr, "error %d\n", error);
		exit(1);
	}
}

/* The bad day's schedule, for bugs whose symptom takes one: a thread waits until the others have come to a step. Relaxed
 * atomics order nothing else (C11 section 7.17.3), so this is no synchronisation, and the detector takes it for none. */
static int day_step;

__attribute__((unused)) static void day_wait(int step)
{
	while (__atomic_load_n(&day_step, __ATOMIC_RELAXED) < step)
		sched_yield();
}

__attribute__((unused)) static void day_reached(int step)
{
	__atomic_store_n(&day_step, step, __ATOMIC_RELAXED);
}

#endif
