// cflags: -fno-builtin
// A collector stops the other threads by a signal whose handler waits for another, wherever it interrupts them; while they
// are stopped it copies, locks and allocates itself.
#define _GNU_SOURCE
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "pair.h"

enum { THREADS = 3, ROUNDS = 100 };

static sem_t stopped, resumed;
static int stop;

static void on_stop(int number)
{
	sigset_t set;
	(void)number;
	sigfillset(&set);
	sigdelset(&set, SIGUSR2);
	sem_post(&stopped);
	sigsuspend(&set);
	sem_post(&resumed);
}

static void on_resume(int number)
{
	(void)number;
}

static void use(void)
{
	char a[200] = {0}, b[200];
	pthread_mutex_t mutex;
	pthread_mutex_init(&mutex, NULL);
	pthread_mutex_lock(&mutex);
	memcpy(b, a, sizeof a);
	pthread_mutex_unlock(&mutex);
	pthread_mutex_destroy(&mutex);
}

static void *work(void *unused)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		use();
	return unused;
}

int main(void)
{
	pthread_t threads[THREADS];
	struct sigaction action = {.sa_handler = on_stop};
	sem_init(&stopped, 0, 0);
	sem_init(&resumed, 0, 0);
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &action, NULL);
	signal(SIGUSR2, on_resume);
	/* A signal may come before the new thread's first instruction, too. */
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, work, NULL) == 0);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < THREADS; i++)
			pthread_kill(threads[i], SIGUSR1);
		for (int i = 0; i < THREADS; i++)
			while (sem_wait(&stopped))
				;
		for (int i = 0; i < 20; i++)
			use();
		for (int i = 0; i < THREADS; i++)
			pthread_kill(threads[i], SIGUSR2);
		for (int i = 0; i < THREADS; i++)
			while (sem_wait(&resumed))
				;
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
