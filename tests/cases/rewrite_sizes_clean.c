// Two small atomic variables lie where a larger one was: each is one by itself, from its own first change on.
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include "pair.h"

static _Atomic(uint32_t) *small;

static void first(void)
{
	MUST(atomic_load_explicit(&small[1], memory_order_relaxed) == 2);
}

static void second(void)
{
	atomic_fetch_add(&small[0], 1);
	atomic_fetch_add(&small[1], 1);
}

static struct gate gate;

static void *stay(void *argument)
{
	gate_wait(&gate, 1);
	return argument;
}

int main(void)
{
	pthread_t thread; /* with it what the main thread does is looked at */
	MUST(pthread_create(&thread, NULL, stay, NULL) == 0);
	_Atomic(uint64_t) *large = malloc(sizeof(*large));
	atomic_init(large, 0);
	atomic_fetch_add(large, 1);
	uintptr_t place = (uintptr_t)large;
	free((void *)large);
	small = malloc(2 * sizeof(*small));
	MUST((uintptr_t)small == place);
	atomic_init(&small[0], 1);
	atomic_init(&small[1], 2);
	pair_run(first, second);
	free((void *)small);
	gate_open(&gate, 1);
	MUST(pthread_join(thread, NULL) == 0);
	return 0;
}
