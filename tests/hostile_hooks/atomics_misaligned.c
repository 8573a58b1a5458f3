// hostile: atomics of 1 to 8 bytes at every offset, across cache lines and pages, by three threads; what they count is right
// compilers: gcc clang
// expect: race-data
// at: race_first race_second
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "planted.h"
enum {
	PAGE = 4096,
	OFFSETS = 64,
	PLACES = 3,
	ROUNDS = 20 /* no byte overflows: then the order does not matter */
};
static char memory[2 * PAGE] __attribute__((aligned(4096)));
static const int places[PLACES] = {0, 512, PAGE - 40};
static struct gate gate;
static long seen[3];
#define EVERY(type)                                                                                          \
	static __attribute__((noinline)) void add_##type(char *at)                                           \
	{                                                                                                    \
		type *word = (type *)at, old;                                                                \
		__atomic_fetch_add(word, 1, __ATOMIC_ACQ_REL);                                               \
		do                                                                                           \
			old = __atomic_load_n(word, __ATOMIC_ACQUIRE);                                       \
		while (!__atomic_compare_exchange_n(                                                         \
			word, &old, old + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));                        \
		__atomic_fetch_sub(word, 1, __ATOMIC_RELAXED);                                               \
		__atomic_fetch_xor(word, 0, __ATOMIC_RELEASE);                                               \
	}
EVERY(int8_t)
EVERY(int16_t)
EVERY(int32_t)
EVERY(int64_t)
static void count(void)
{
	for (int round = 0; round < ROUNDS; round++)
		for (int place = 0; place < PLACES; place++)
			for (int offset = 0; offset < OFFSETS; offset++) {
				char *at = memory + places[place] + offset;
				add_int8_t(at);
				add_int16_t(at);
				add_int32_t(at);
				add_int64_t(at);
			}
}
static void *work(void *argument)
{
	long which = (long)argument;
	count();
	gate_wait(&gate, which);
	which ? race_second() : race_first();
	gate_open(&gate, which + 1);
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	count();
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	uint64_t sum = 0;
	for (size_t i = 0; i < sizeof(memory); i++)
		sum = sum * 31 + (unsigned char)memory[i];
	printf("%llx\n", (unsigned long long)sum);
	return 0;
}
