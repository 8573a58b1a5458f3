// hostile: 3,000 threads at a time, with the smallest stacks, then as many one after the other, then detached ones
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
enum { THREADS = 3000 };
static pthread_t threads[THREADS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t over;
static int running, go;
static char text[32];
static void *work(void *argument)
{
	pthread_mutex_lock(&mutex);
	if (++running == THREADS)
		pthread_cond_broadcast(&condition);
	while (!go)
		pthread_cond_wait(&condition, &mutex);
	snprintf(text, sizeof(text), "%d", running);
	pthread_mutex_unlock(&mutex);
	free(malloc(100));
	return argument;
}
static void *end(void *argument)
{
	free(malloc(50));
	sem_post(&over);
	return argument;
}
int main(void)
{
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN);
	sem_init(&over, 0, 0);
	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], &attributes, work, NULL))
			puts("failed");
	pthread_mutex_lock(&mutex);
	while (running < THREADS)
		pthread_cond_wait(&condition, &mutex);
	go = 1;
	pthread_cond_broadcast(&condition);
	pthread_mutex_unlock(&mutex);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	puts(text);
	for (int i = 0; i < THREADS; i++) {
		pthread_create(&threads[0], NULL, end, NULL);
		pthread_join(threads[0], NULL);
	}
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < 2 * THREADS; i++)
		sem_trywait(&over);
	for (int i = 0; i < THREADS; i++) {
		while (pthread_create(&threads[0], &attributes, end, NULL))
			sched_yield();
		sem_wait(&over);
	}
	puts("done");
	return 0;
}
