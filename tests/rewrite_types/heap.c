/* Atomic variables in memory that was allocated: each is stored once and loaded once, with no loop around it. What debug
 * information tells of is the operations. PLAIN: their neighbours, which are not atomic, are used in their place. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "gate.h"

enum { SLOTS = 3 };

struct slot {
	long plain;
	_Atomic long full;
	long value;
};

struct shared {
	struct gate gate;
	long *plain;
	_Atomic(long *) pointer;
	struct slot slots[SLOTS];
	struct shared *self;
};

#ifdef PLAIN
#define PUT(shared, what, to) ((shared)->plain = (to))
#define GET(shared, what)     ((shared)->plain)
#else
#define PUT(shared, what, to) atomic_store_explicit(&(shared)->what, to, memory_order_release)
#define GET(shared, what)     atomic_load_explicit(&(shared)->what, memory_order_acquire)
#endif

static void *publish(void *argument)
{
	struct shared *shared = argument;
	long *value = malloc(sizeof(*value));
	*value = 7;
	PUT(shared, pointer, value);
	for (int i = 0; i < SLOTS; i++) {
		struct slot *slot = &shared->self->slots[i];
		slot->value = i;
		PUT(slot, full, 1 + i);
	}
	gate_open(&shared->gate, 1);
	return NULL;
}

static void *take(void *argument)
{
	struct shared *shared = argument;
	gate_wait(&shared->gate, 1);
	printf("%ld", *GET(shared, pointer));
	for (int i = 0; i < SLOTS; i++)
		if (GET(&shared->self->slots[i], full) == 1 + i)
			printf(" %ld", shared->self->slots[i].value);
	puts("");
	return NULL;
}

int main(void)
{
	struct shared *shared = calloc(1, sizeof(*shared));
	pthread_t threads[2];
	shared->self = shared;
	pthread_create(&threads[0], NULL, publish, shared);
	pthread_create(&threads[1], NULL, take, shared);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return 0;
}
