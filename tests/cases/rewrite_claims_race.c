// What is loaded near a compare-and-exchange is none that the exchange depends on: what a lock protects, the members of a list that
// are looked at before a lock is given back, and what kind of object it is whose count is changed. All of it is plain.
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "../gate.h"

enum { COUNTED = 3, NODES = 4 };

struct node {
	struct node *next;
	long key;
};

struct object {
	int kind;
	int count;
};

static struct {
	long lock, beside;
} shared;
static struct node nodes[NODES];
static long list_lock;
static struct object object = {COUNTED, 1};
static struct gate gate;
static volatile long rounds = 2, seen;
static struct object *volatile one = &object;

static bool exchange(long *word, long expected, long desired)
{
	return __atomic_compare_exchange_n(
		word, &expected, desired, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static __attribute__((noinline)) long sum_beside(long most)
{
	long sum = 0;
	for (long i = 0; i < most; i++) {
		if (!exchange(&shared.lock, 0, 1))
			continue;
		sum += shared.beside; // race: race-data beside
		exchange(&shared.lock, 1, 0);
	}
	return sum;
}

static __attribute__((noinline)) struct node *find(struct node *first, long key, long most)
{
	struct node *found = NULL;
	for (long i = 0; i < most; i++) {
		while (!exchange(&list_lock, 0, 1))
			;
		for (found = first; found; found = found->next)
			if (found->key == key) { // race: race-data key
				if (exchange(&list_lock, 1, 0))
					break;
				return NULL;
			}
	}
	return found;
}

static __attribute__((noinline)) int take(struct object *taken)
{
	if (taken->kind != COUNTED) // race: race-data kind
		return 0;
	int count = __atomic_load_n(&taken->count, __ATOMIC_RELAXED);
	__atomic_compare_exchange_n(
		&taken->count, &count, count + 1, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return count;
}

/* No constants: those are stored to flags. */
static void *write_all(void *argument)
{
	const int *values = argument;
	shared.beside = values[0]; // race: race-data beside
	nodes[0].key = values[0];  // race: race-data key
	object.kind = values[1];   // race: race-data kind
	gate_open(&gate, 1);
	return argument;
}

static void *read_all(void *argument)
{
	gate_wait(&gate, 1);
	seen = sum_beside(rounds);
	seen += find(nodes, rounds / 2, rounds) == nodes;
	seen += take(one);
	return argument;
}

int main(void)
{
	int values[] = {1, COUNTED};
	pthread_t threads[2];
	pthread_create(&threads[0], NULL, write_all, values);
	pthread_create(&threads[1], NULL, read_all, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	return seen != 4;
}
