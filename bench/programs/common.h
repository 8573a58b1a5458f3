/*
 * What the benchmark's programs share: the scale argument, threads that are started and joined together, a generator of
 * numbers, a checksum. Each program is one translation unit; nothing here keeps state between threads.
 */
#ifndef BENCH_COMMON_H
#define BENCH_COMMON_H

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BENCH_THREADS 2

/* One thread's view of the work: who it is, where its result goes. The body alone writes `sum` until it is joined. */
struct bench_worker {
	pthread_t thread;
	unsigned index;
	uint64_t sum;
};

/* The first argument times `base`, at least 1: how much work there is. */
static inline size_t bench_scaled(int argc, char **argv, size_t base)
{
	double scale = argc > 1 ? strtod(argv[1], NULL) : 1.0;
	double scaled = scale * (double)base;

	return scaled < 1.0 ? 1 : (size_t)scaled;
}

static inline void bench_check(int failed, const char *what)
{
	if (failed) {
		fprintf(stderr, "%s failed\n", what);
		exit(1);
	}
}

static inline void *bench_alloc(size_t count, size_t bytes)
{
	void *memory = calloc(count, bytes);

	bench_check(!memory, "calloc");
	return memory;
}

/* splitmix64: any state is a good one, so a thread's index may seed it. */
static inline uint64_t bench_mix(uint64_t value)
{
	value += 0x9e3779b97f4a7c15u;
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
	value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
	return value ^ (value >> 31);
}

static inline uint64_t bench_random(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	return bench_mix(*state);
}

static inline void bench_start(struct bench_worker *workers, unsigned count, void *(*body)(void *))
{
	for (unsigned i = 0; i < count; i++) {
		workers[i].index = i;
		workers[i].sum = 0;
		bench_check(pthread_create(&workers[i].thread, NULL, body, &workers[i]), "pthread_create");
	}
}

/* The sum of the workers' sums: it does not depend on who did what part of shared work. */
static inline uint64_t bench_join(struct bench_worker *workers, unsigned count)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < count; i++) {
		bench_check(pthread_join(workers[i].thread, NULL), "pthread_join");
		sum += workers[i].sum;
	}
	return sum;
}

static inline int bench_print(const char *name, uint64_t sum)
{
	printf("%s %016llx\n", name, (unsigned long long)sum);
	return 0;
}

#endif
