/* For rewrite_cache.test: makes a thread, prints a sum, and, for `ADDRESS BYTES`, what is in memory there. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int numbers[64];

static int pick(unsigned n)
{
	switch (n % 7) {
	case 0:
		return numbers[1]++;
	case 1:
		return numbers[2] += 3;
	case 2:
		return numbers[3] ^= 5;
	case 3:
		return __atomic_fetch_add(&numbers[4], 1, __ATOMIC_SEQ_CST);
	case 4:
		return numbers[n % 64]--;
	default:
		return numbers[5] * numbers[6];
	}
}

static void *run(void *argument)
{
	int *sum = argument;
	for (unsigned i = 0; i < 1000; i++)
		*sum += pick(i);
	return argument;
}

int main(int count, char **words)
{
	pthread_t thread;
	int sum = 0;
	pthread_create(&thread, NULL, run, &sum);
	pthread_join(thread, NULL);
	printf("sum %d\n", sum);
	if (count > 2)
		fwrite((const void *)strtoul(words[1], NULL, 0), 1, strtoul(words[2], NULL, 0), stdout);
	return sum == 0;
}
