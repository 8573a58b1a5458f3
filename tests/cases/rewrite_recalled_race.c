// Functions that are called again and again from the same place, with their frames where they were, by functions that others
// called: what called them is what called them this time.
// stack: leaf<middle<first
// stack: leaf<middle<second
// stack: leaf<middle<inner<third
// stack: leaf<middle<inner<fourth
// stack: other_leaf<middle<first
// stack: other_leaf<middle<second
// stack: other_leaf<middle<inner<third
// stack: other_leaf<middle<inner<fourth
#include "pair.h"

enum { WAYS = 4, ROUNDS = 200 };

static volatile long variables[WAYS], others[WAYS], own[WAYS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

#define NO_TAIL __asm__ volatile("" ::: "memory")

static __attribute__((noinline)) void leaf(int way)
{
	variables[way] += 3; // race: race-data a; race-data b; race-data c; race-data d
}

static __attribute__((noinline)) void other_leaf(int way)
{
	others[way] += 3; // race: race-data e; race-data f; race-data g; race-data h
}

static __attribute__((noinline)) void middle(int way)
{
	own[way]++;
	leaf(way);
	NO_TAIL;
	other_leaf(way);
	NO_TAIL;
}

static __attribute__((noinline)) void inner(int way)
{
	middle(way);
	NO_TAIL;
}

/* All with frames of one size. */
#define CALLER(name, calls, way)                                                                             \
	static __attribute__((noinline)) void name(void)                                                     \
	{                                                                                                    \
		calls(way);                                                                                  \
		NO_TAIL;                                                                                     \
	}
CALLER(first, middle, 0)
CALLER(second, middle, 1)
CALLER(third, inner, 2)
CALLER(fourth, inner, 3)

static void *work(void *argument)
{
	static void (*const ways[])(void) = {first, second, third, fourth};
	unsigned draw = 1;
	for (int round = 0; round < ROUNDS; round++) {
		/* What was accessed before is accessed anew. */
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
		draw = draw * 1103515245u + 12345u;
		ways[draw >> 16 & (WAYS - 1)]();
	}
	gate_open(argument, 1);
	return NULL;
}

int main(void)
{
	struct gate gate = {0};
	pthread_t thread;
	pthread_create(&thread, NULL, work, &gate);
	gate_wait(&gate, 1);
	variables[0] += 2; // race: race-data a
	variables[1] += 2; // race: race-data b
	variables[2] += 2; // race: race-data c
	variables[3] += 2; // race: race-data d
	others[0] += 2;    // race: race-data e
	others[1] += 2;    // race: race-data f
	others[2] += 2;    // race: race-data g
	others[3] += 2;    // race: race-data h
	pthread_join(thread, NULL);
	return 0;
}
