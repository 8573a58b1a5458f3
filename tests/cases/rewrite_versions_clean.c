// Readers that a version number tells whether what they read is of one piece; and a stack whose takers look at the node behind the
// first one, which another taker may have and be writing to.
// cflags: -gdwarf-4
// compilers: gcc clang clang-19
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

#include "../gate.h"

enum { WORDS = 3, WRITES = 100, ROUNDS = 2000, NODES = 5 };

static struct gate started;
static atomic_uint version;
static atomic_long words[WORDS];
static atomic_int torn;

static void write_words(long value)
{
	unsigned before = atomic_load_explicit(&version, memory_order_relaxed);
	atomic_store_explicit(&version, before + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	for (int i = 0; i < WORDS; i++)
		atomic_store_explicit(&words[i], value, memory_order_relaxed);
	atomic_store_explicit(&version, before + 2, memory_order_release);
}

static long read_words(void)
{
	unsigned before, after;
	long a, b, c;
	do {
		while ((before = atomic_load_explicit(&version, memory_order_acquire)) & 1)
			sched_yield();
		a = atomic_load_explicit(&words[0], memory_order_relaxed);
		b = atomic_load_explicit(&words[1], memory_order_relaxed);
		c = atomic_load_explicit(&words[2], memory_order_relaxed);
		atomic_thread_fence(memory_order_acquire);
		after = atomic_load_explicit(&version, memory_order_relaxed);
	} while (before != after);
	torn |= a != b || b != c;
	return a;
}

/* A stack of indices; the upper half of its top counts changes. */
static struct {
	atomic_uint next;
	long uses;
} nodes[NODES + 1];
static _Atomic uint64_t top;

static void push(unsigned node)
{
	uint64_t old = atomic_load_explicit(&top, memory_order_relaxed);
	do
		atomic_store_explicit(&nodes[node].next, (unsigned)old, memory_order_relaxed);
	while (!atomic_compare_exchange_weak_explicit(
		&top, &old, ((old >> 32) + 1) << 32 | node, memory_order_release, memory_order_relaxed));
}

static unsigned pop(void)
{
	uint64_t old = atomic_load_explicit(&top, memory_order_acquire), next;
	do {
		if (!(unsigned)old)
			return 0;
		next = atomic_load_explicit(&nodes[(unsigned)old].next, memory_order_relaxed);
	} while (!atomic_compare_exchange_weak_explicit(
		&top, &old, ((old >> 32) + 1) << 32 | next, memory_order_acquire, memory_order_acquire));
	return (unsigned)old;
}

static void use_nodes(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		unsigned node = pop();
		if (!node)
			continue;
		nodes[node].uses++;
		push(node);
	}
}

static void *write_and_use(void *argument)
{
	gate_wait(&started, 1);
	for (long i = 1; i <= WRITES; i++)
		write_words(i);
	use_nodes();
	return argument;
}

/* Before the first word is written, and while they are. */
static void *read_and_use(void *argument)
{
	read_words();
	gate_open(&started, 1);
	while (read_words() != WRITES)
		sched_yield();
	use_nodes();
	return argument;
}

int main(void)
{
	pthread_t threads[3];
	for (unsigned i = 1; i <= NODES; i++)
		push(i);
	for (long i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, i ? read_and_use : write_and_use, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	printf("%d\n", torn);
	return 0;
}
