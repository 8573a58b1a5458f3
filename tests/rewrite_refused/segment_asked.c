/* A program whose threads ask the kernel for memory of their own in the segment register gs, as Wine does. */
#include <asm/prctl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WORDS = 64, SELF = 6, ROUNDS = 1000 };

static uint64_t table[ROUNDS];

__attribute__((noinline)) static uint64_t work(void)
{
	uint64_t sum = 0;
	for (uint64_t i = 0; i < ROUNDS; i++) {
		table[i] += i;
		sum += table[i];
	}
	return sum;
}

static int asks(void)
{
	uint64_t **own = calloc(WORDS, sizeof(*own)), **now;
	own[SELF] = (uint64_t *)own;
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, own))
		return -1;
	printf("%llu\n", (unsigned long long)work());
	__asm__ volatile("movq %%gs:48, %0" : "=r"(now));
	return now == own;
}

static void *compute(void *argument)
{
	*(int *)argument = asks();
	return NULL;
}

int main(void)
{
	pthread_t thread;
	int first;
	if (pthread_create(&thread, NULL, compute, &first))
		return 1;
	pthread_join(thread, NULL);
	printf("%d %d\n", first, asks());
	return 0;
}
