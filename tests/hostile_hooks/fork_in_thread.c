// hostile: threads fork while others store and take locks; the children go on, start threads, and one of them has a race
// compilers: gcc clang
// expect: race-data
// at: race_first race_second
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "planted.h"
enum { FORKS = 20, FORKERS = 2, BUSY = 2 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct gate gate;
static long counted, words[4096], stop;
static int failures;
static void *race(void *argument)
{
	long which = (long)argument;
	gate_wait(&gate, which);
	which ? race_second() : race_first();
	gate_open(&gate, which + 1);
	return argument;
}
static void *count(void *argument)
{
	for (int i = 0; i < 1000; i++) {
		pthread_mutex_lock(&mutex);
		counted++;
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}
static int child(int races)
{
	pthread_t threads[2];
	pthread_mutex_init(&mutex, NULL);
	counted = 0;
	for (int i = 0; i < 4096; i++)
		words[i]++;
	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, races ? race : count, (void *)i);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return races || counted == 2000 ? 0 : 1;
}
static void *forks(void *argument)
{
	for (int i = 0; i < FORKS; i++) {
		pid_t pid = fork();
		if (!pid)
			_exit(child(!argument && i == FORKS / 2));
		int status = 1;
		waitpid(pid, &status, 0);
		if (status)
			__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
	}
	return argument;
}
static void *store(void *argument)
{
	long from = 2048 * (long)argument;
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		for (int i = 0; i < 2048; i++)
			words[from + i]++;
		pthread_mutex_lock(&mutex);
		counted++;
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}
int main(void)
{
	pthread_t busy[BUSY], forkers[FORKERS];
	for (long i = 0; i < BUSY; i++)
		pthread_create(&busy[i], NULL, store, (void *)i);
	for (long i = 0; i < FORKERS; i++)
		pthread_create(&forkers[i], NULL, forks, (void *)i);
	for (int i = 0; i < FORKERS; i++)
		pthread_join(forkers[i], NULL);
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	for (int i = 0; i < BUSY; i++)
		pthread_join(busy[i], NULL);
	printf("%d failures\n", failures);
	return 0;
}
