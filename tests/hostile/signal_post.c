// hostile: what a thread wrote is published by sem_post in a handler that interrupts it anywhere
// seconds: 10
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { ROUNDS = 2000 };
static sem_t full, empty;
static char data[64], got[64];
static volatile sig_atomic_t ready;
static void on_alarm(int number)
{
	if (ready) {
		ready = 0;
		sem_post(&full);
	}
}
static void *consume(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		sem_wait(&full);
		strcpy(got, data);
		sem_post(&empty);
	}
	return argument;
}
int main(void)
{
	pthread_t thread;
	sigset_t set;
	sem_init(&full, 0, 0);
	sem_init(&empty, 0, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_create(&thread, NULL, consume, NULL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGALRM, on_alarm);
	struct itimerval timer = {{0, 100}, {0, 100}};
	setitimer(ITIMER_REAL, &timer, NULL);
	char from[64] = "x", to[64];
	for (int i = 0; i < ROUNDS; i++) {
		snprintf(data, sizeof(data), "round %d", i);
		ready = 1;
		while (ready) {
			free(malloc(100));
			memcpy(to, from, sizeof(to));
		}
		while (sem_wait(&empty))
			;
	}
	timer = (struct itimerval){{0, 0}, {0, 0}};
	setitimer(ITIMER_REAL, &timer, NULL);
	pthread_join(thread, NULL);
	puts(got);
	return 0;
}
