/* Two threads, one after the other, that nothing the detector sees orders. */
#ifndef RACETRACK_TESTS_PAIR_H
#define RACETRACK_TESTS_PAIR_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "gate.h"
#include "racetrack/racetrack.h"

/* For calls whose result matters to the case. */
#define MUST(condition) ((condition) ? (void)0 : abort())

struct pair_side {
	void (*run)(void);
	struct gate *gate, started;
	int after, opens;
};

static __attribute__((unused)) void *pair_start(void *argument)
{
	struct pair_side *side = (struct pair_side *)argument;
	gate_open(&side->started, 1);
	gate_wait(side->gate, side->after);
	side->run();
	gate_open(side->gate, side->opens);
	return NULL;
}

/* Both threads have started before either runs, and both run before either is joined; `first` ends its work before
 * `second` starts its own. `first` has a stack of so many bytes; 0: the usual. */
static __attribute__((unused)) void pair_run_on(size_t stack_bytes, void (*first)(void), void (*second)(void))
{
	struct gate gate = {0};
	struct pair_side sides[2] = {{first, &gate, {0}, 1, 2}, {second, &gate, {0}, 2, 3}};
	pthread_t threads[2];
	pthread_attr_t attributes;
	MUST(pthread_attr_init(&attributes) == 0);
	if (stack_bytes)
		MUST(pthread_attr_setstacksize(&attributes, stack_bytes) == 0);
	MUST(pthread_create(&threads[0], &attributes, pair_start, &sides[0]) == 0);
	MUST(pthread_create(&threads[1], NULL, pair_start, &sides[1]) == 0);
	pthread_attr_destroy(&attributes);
	for (int i = 0; i < 2; i++)
		gate_wait(&sides[i].started, 1);
	gate_open(&gate, 1);
	gate_wait(&gate, 3);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

static __attribute__((unused)) void pair_run(void (*first)(void), void (*second)(void))
{
	pair_run_on(0, first, second);
}

static struct gate pair_stayed;

static __attribute__((unused)) void *pair_stay_start(void *run)
{
	(*(void (**)(void))run)();
	gate_open(&pair_stayed, 1);
	gate_wait(&pair_stayed, 2);
	return NULL;
}

/* A thread that runs it, and is there until the process ends: nobody joins it. Returns when it has run. */
static __attribute__((unused)) void pair_stay(void (*run)(void))
{
	pthread_t thread;
	MUST(pthread_create(&thread, NULL, pair_stay_start, &run) == 0);
	gate_wait(&pair_stayed, 1);
}

#endif
