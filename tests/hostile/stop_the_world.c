// hostile: a collector stops the other threads by a signal whose handler waits, then copies and locks itself
// seconds: 10
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 3, ROUNDS = 200 };
static pthread_t threads[THREADS];
static sem_t stopped, resumed;
static volatile int stop;
static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
static void on_stop(int number)
{
	sigset_t set;
	sem_post(&stopped);
	sigfillset(&set);
	sigdelset(&set, SIGUSR2);
	sigsuspend(&set);
	sem_post(&resumed);
}
static void on_resume(int number)
{
}
static void *work(void *argument)
{
	char a[200] = {0}, b[200];
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		pthread_mutex_lock(&mutex);
		memcpy(b, a, sizeof(a));
		pthread_mutex_unlock(&mutex);
		pthread_mutex_t fresh;
		pthread_mutex_init(&fresh, NULL);
		pthread_mutex_lock(&fresh);
		pthread_mutex_unlock(&fresh);
		pthread_mutex_destroy(&fresh);
	}
	return argument;
}
int main(void)
{
	struct sigaction action = {.sa_handler = on_stop};
	sem_init(&stopped, 0, 0);
	sem_init(&resumed, 0, 0);
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &action, NULL);
	action = (struct sigaction){.sa_handler = on_resume};
	sigaction(SIGUSR2, &action, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	char a[500] = {0}, b[500];
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < THREADS; i++)
			pthread_kill(threads[i], SIGUSR1);
		for (int i = 0; i < THREADS; i++)
			sem_wait(&stopped);
		for (int i = 0; i < 20; i++) {
			pthread_mutex_t mutex;
			pthread_mutex_init(&mutex, NULL);
			pthread_mutex_lock(&mutex);
			memcpy(b, a, sizeof(a));
			pthread_mutex_unlock(&mutex);
			pthread_mutex_destroy(&mutex);
		}
		for (int i = 0; i < THREADS; i++)
			pthread_kill(threads[i], SIGUSR2);
		for (int i = 0; i < THREADS; i++)
			sem_wait(&resumed);
	}
	stop = 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
