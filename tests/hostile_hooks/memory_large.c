// hostile: 1 GiB of memory, every word of it stored to by one thread and read by another, with a race in its midst
// expect: race-data
// at: race_first race_second
// memory: 6000
// peak: 4200
// seconds: 60
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include "planted.h"
static const size_t BYTES = (size_t)1 << 30;
static long *words;
static struct gate gate;
static void *store(void *argument)
{
	for (size_t i = 0; i < BYTES / sizeof(long); i++)
		words[i] = (long)i;
	race_first();
	gate_open(&gate, 1);
	gate_wait(&gate, 2);
	return argument;
}
static void *race(void *argument)
{
	gate_wait(&gate, 1);
	race_second();
	gate_open(&gate, 2);
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	words = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (words == MAP_FAILED)
		return 1;
	pthread_create(&threads[0], NULL, store, NULL);
	pthread_create(&threads[1], NULL, race, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	long sum = 0;
	for (size_t i = 0; i < BYTES / sizeof(long); i += 8)
		sum += words[i];
	printf("%ld\n", sum);
	return 0;
}
