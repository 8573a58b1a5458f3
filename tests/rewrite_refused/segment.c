/* A program that keeps a memory of its own in the segment register gs, as compiled WebAssembly does, and calls functions that have
 * nothing to do with that meanwhile. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>

enum { WORDS = 1024, ROUNDS = 1000, ABSENT = 77, HAS_INSTRUCTION = 2 };

static uint64_t table[64];

__attribute__((noinline)) static uint64_t call_back(uint64_t value)
{
	table[value % 64]++;
	return table[(value + 1) % 64];
}

static void *compute(void *argument)
{
	uint64_t *memory = calloc(WORDS, sizeof(*memory)), sum = 0;
	__asm__ volatile("wrgsbase %0" : : "r"(memory));
	for (uint64_t i = 0; i < ROUNDS; i++) {
		uint64_t now, at = i % WORDS * sizeof(*memory);
		call_back(i);
		__asm__ volatile("addq %1, %%gs:(%2)\n\tmovq %%gs:(%2), %0"
				 : "=r"(now)
				 : "r"(i), "r"(at)
				 : "memory");
		sum += now;
	}
	__asm__ volatile("wrgsbase %0" : : "r"((uint64_t)0));
	free(memory);
	*(uint64_t *)argument = sum;
	return NULL;
}

int main(void)
{
	pthread_t thread;
	uint64_t sum;
	if (!(getauxval(AT_HWCAP2) & HAS_INSTRUCTION))
		return ABSENT;
	if (pthread_create(&thread, NULL, compute, &sum))
		return 1;
	pthread_join(thread, NULL);
	printf("%llu %llu\n", (unsigned long long)sum, (unsigned long long)call_back(0));
	return 0;
}
