// A robust mutex whose owner died orders what the owner did before what its next owner does.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include "pair.h"
#include "times.h"

static pthread_mutex_t robust[4];
static struct gate gate;
static int data[4];

static int take(int which)
{
	switch (which) {
	case 0:
		return pthread_mutex_lock(&robust[which]);
	case 1:
		return pthread_mutex_trylock(&robust[which]);
	case 2:
		return pthread_mutex_timedlock(&robust[which], far_ahead(CLOCK_REALTIME));
	default:
		return pthread_mutex_clocklock(&robust[which], CLOCK_MONOTONIC, far_ahead(CLOCK_MONOTONIC));
	}
}

static void *die(void *unused)
{
	for (int i = 0; i < 4; i++) {
		MUST(take(i) == 0);
		racetrack_write(&data[i], sizeof data[i]);
	}
	return unused;
}

static void *inherit(void *unused)
{
	gate_wait(&gate, 1);
	for (int i = 0; i < 4; i++) {
		MUST(take(i) == EOWNERDEAD);
		racetrack_write(&data[i], sizeof data[i]);
		MUST(pthread_mutex_consistent(&robust[i]) == 0);
		MUST(pthread_mutex_unlock(&robust[i]) == 0);
	}
	return unused;
}

int main(void)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	for (int i = 0; i < 4; i++)
		pthread_mutex_init(&robust[i], &attributes);
	pthread_t heir, owner;
	MUST(pthread_create(&heir, NULL, inherit, NULL) == 0);
	MUST(pthread_create(&owner, NULL, die, NULL) == 0);
	MUST(pthread_join(owner, NULL) == 0);
	gate_open(&gate, 1);
	MUST(pthread_join(heir, NULL) == 0);
	return 0;
}
