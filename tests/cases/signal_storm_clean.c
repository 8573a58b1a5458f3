// cflags: -fno-builtin
// Signals that arrive at any moment, in the middle of whatever the detector does, change nothing.
#define _GNU_SOURCE
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include "pair.h"

static volatile sig_atomic_t handled;
static sem_t posted;
static int handed_over;

static void handle(int number)
{
	char here[32], there[32];
	int error = errno;
	memset(here, number, sizeof here);
	memcpy(there, here, sizeof there);
	snprintf(here, sizeof here, "%d", number);
	handled++;
	errno = error;
}

static void post(int number)
{
	handed_over = number;
	racetrack_write(&handed_over, sizeof handed_over);
	sem_post(&posted);
}

static void work(void)
{
	int start = handled;
	for (int i = 0; i < 2000000 && handled < start + 200; i++) {
		char buffer[100], *block = malloc(50);
		MUST(block);
		memset(buffer, i, sizeof buffer);
		memcpy(block, buffer, 50);
		free(block);
	}
}

static void send(void)
{
	raise(SIGUSR2);
}

static void take(void)
{
	MUST(sem_wait(&posted) == 0);
	racetrack_write(&handed_over, sizeof handed_over);
}

int main(void)
{
	struct itimerval every = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
	sem_init(&posted, 0, 0);
	signal(SIGUSR2, post);
	pair_run(send, take);
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	pair_run(work, work);
	setitimer(ITIMER_REAL, &never, NULL);
	puts("survived");
	return 0;
}
