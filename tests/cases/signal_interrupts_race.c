// cflags: -fno-builtin
// What a handler copies is an access wherever it interrupts its thread, which is inside the detector most of the time.
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include "pair.h"

static char data[64], own[64], room[64];
static struct gate gate;
static volatile sig_atomic_t handled;

static void handle(int number)
{
	memset(own, number, sizeof own);
	memcpy(data, own, sizeof data); // race: race-data a
	handled = 1;
	gate_open(&gate, 2);
}

static void *copy(void *unused)
{
	char from[64] = "x";
	gate_open(&gate, 1);
	while (!handled)
		memcpy(room, from, sizeof room);
	return unused;
}

static void *interrupt(void *thread)
{
	gate_wait(&gate, 1);
	pthread_kill(*(pthread_t *)thread, SIGUSR1);
	gate_wait(&gate, 2);
	memset(data, 1, sizeof data); // race: race-data a
	return NULL;
}

int main(void)
{
	pthread_t copier, interrupter;
	signal(SIGUSR1, handle);
	MUST(pthread_create(&copier, NULL, copy, NULL) == 0);
	MUST(pthread_create(&interrupter, NULL, interrupt, &copier) == 0);
	pthread_join(interrupter, NULL);
	pthread_join(copier, NULL);
	return 0;
}
