// hostile: 12,000 threads one after the other, joined and detached, while one lives on whose store came before them all
// compilers: gcc clang
// expect: race-data
// at: race_first race_second
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include "planted.h"
enum { THREADS = 12000, AT_A_TIME = 4 };
static struct gate gate;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t over;
static long sum, slots[THREADS];
static void *live(void *argument)
{
	race_first();
	gate_open(&gate, 1);
	gate_wait(&gate, 2);
	return argument;
}
static void *work(void *argument)
{
	long number = (long)argument;
	slots[number] = number;
	pthread_mutex_lock(&mutex);
	sum += slots[number];
	pthread_mutex_unlock(&mutex);
	if (number == THREADS - 1)
		race_second();
	if (number % 2)
		sem_post(&over);
	return argument;
}
int main(void)
{
	pthread_t first, threads[AT_A_TIME];
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 65536);
	sem_init(&over, 0, 0);
	pthread_create(&first, NULL, live, NULL);
	gate_wait(&gate, 1);
	for (long i = 0; i < THREADS; i += AT_A_TIME) {
		for (long j = 0; j < AT_A_TIME; j++)
			while (pthread_create(&threads[j], &attributes, work, (void *)(i + j)))
				sched_yield();
		for (long j = 0; j < AT_A_TIME; j++)
			if (j % 2)
				pthread_detach(threads[j]), sem_wait(&over);
			else
				pthread_join(threads[j], NULL);
	}
	gate_open(&gate, 2);
	pthread_join(first, NULL);
	pthread_mutex_lock(&mutex);
	printf("%ld\n", sum);
	pthread_mutex_unlock(&mutex);
	return 0;
}
