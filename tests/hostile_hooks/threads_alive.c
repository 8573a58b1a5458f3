// hostile: 2,000 threads alive at once, which all access the same table, in order, and one racing pair among them
// compilers: gcc clang
// expect: race-data
// at: race_first race_second
// peak: 400
#include <pthread.h>
#include <stdio.h>
#include "planted.h"
enum { THREADS = 2000, ROUNDS = 3, WORDS = 64 };
static pthread_t threads[THREADS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static struct gate gate;
static long table[WORDS], own[THREADS];
static void *work(void *argument)
{
	long number = (long)argument;
	for (int round = 0; round < ROUNDS; round++) {
		own[number]++;
		pthread_mutex_lock(&mutex);
		table[number % WORDS] += own[number];
		pthread_mutex_unlock(&mutex);
		if (!round)
			pthread_barrier_wait(&barrier);
	}
	if (number == 1) {
		race_first();
		gate_open(&gate, 1);
	} else if (number == THREADS - 1) {
		gate_wait(&gate, 1);
		race_second();
	}
	return argument;
}
int main(void)
{
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 65536);
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (long i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], &attributes, work, (void *)i))
			puts("failed");
	long sum = 0;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < WORDS; i++)
		sum += table[i];
	printf("%ld\n", sum);
	return 0;
}
