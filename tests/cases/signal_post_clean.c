// cflags: -fno-builtin
// A handler that posts a semaphore may interrupt anything, the detector and malloc too: the post is never lost.
#define _GNU_SOURCE
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include "pair.h"

enum { ROUNDS = 500 };

static sem_t full, empty;
static char data[64], got[64];
static volatile sig_atomic_t ready;

static void post(int number)
{
	(void)number;
	if (!ready)
		return;
	ready = 0;
	sem_post(&full);
}

static void *consume(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		MUST(sem_wait(&full) == 0);
		strcpy(got, data);
		MUST(sem_post(&empty) == 0);
	}
	return unused;
}

int main(void)
{
	struct itimerval every = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
	char from[64] = "x", to[64];
	pthread_t consumer;
	sigset_t set;
	sem_init(&full, 0, 0);
	sem_init(&empty, 0, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	MUST(pthread_create(&consumer, NULL, consume, NULL) == 0);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	signal(SIGALRM, post);
	setitimer(ITIMER_REAL, &every, NULL);
	for (int i = 0; i < ROUNDS; i++) {
		snprintf(data, sizeof data, "round %d", i);
		ready = 1;
		while (ready) {
			free(malloc(100));
			memcpy(to, from, sizeof to);
		}
		while (sem_wait(&empty))
			;
	}
	setitimer(ITIMER_REAL, &never, NULL);
	pthread_join(consumer, NULL);
	puts(got);
	return 0;
}
