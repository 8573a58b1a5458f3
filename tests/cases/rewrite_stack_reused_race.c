// Where a function that has returned had atomic variables on its stack, another one has plain ones: they order nothing.
#include "pair.h"

#include <stdatomic.h>

/* Those from FIRST to LAST are used: atomics were there in any case. */
enum { WORDS = 256, FIRST = 120, LAST = 128, ROUNDS = 100 };

static long *volatile shared;

static __attribute__((noinline)) void has_atomics(void)
{
	atomic_long words[WORDS];
	for (int i = 0; i < WORDS; i++) {
		atomic_init(&words[i], 0);
		atomic_fetch_add(&words[i], 1);
	}
	__asm__ volatile("" : : "r"(words) : "memory");
}

static __attribute__((noinline)) void has_plain_ones(struct gate *gate)
{
	long words[WORDS];
	for (int round = 0; round < ROUNDS; round++)
		for (int i = FIRST; i < LAST; i++) {
			words[i] = round + i; // race: race-data word
			__asm__ volatile("" : : "r"(words) : "memory");
		}
	shared = words; // race: race-data pointer
	gate_open(gate, 1);
	gate_wait(gate, 2);
}

static void *other(void *argument)
{
	gate_wait(argument, 1);
	long *words = shared; // race: race-data pointer
	for (int i = FIRST; i < LAST; i++) {
		words[i] = i; // race: race-data word
		__asm__ volatile("" : : "r"(words) : "memory");
	}
	gate_open(argument, 2);
	return NULL;
}

int main(void)
{
	struct gate gate = {0};
	pthread_t thread;
	pthread_create(&thread, NULL, other, &gate);
	has_atomics();
	has_plain_ones(&gate);
	pthread_join(thread, NULL);
	return 0;
}
