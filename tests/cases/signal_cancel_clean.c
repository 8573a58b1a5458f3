// cflags: -fno-builtin
// Threads that are cancelled at any instruction, mostly while they are inside the detector, leave it as it was.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

enum { ROUNDS = 100 };

static struct gate gate;

static void *copy(void *round)
{
	char from[64] = "x", to[64];
	int old;
	MUST(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old) == 0 && old == PTHREAD_CANCEL_DEFERRED);
	gate_open(&gate, (int)(intptr_t)round);
	for (;;)
		memcpy(to, from, sizeof to);
	return NULL;
}

int main(void)
{
	int status, cancelled = 0, old;
	for (int i = 1; i <= ROUNDS; i++) {
		pthread_t thread;
		void *result;
		MUST(pthread_create(&thread, NULL, copy, (void *)(intptr_t)i) == 0);
		gate_wait(&gate, i);
		MUST(pthread_cancel(thread) == 0);
		MUST(pthread_join(thread, &result) == 0);
		cancelled += result == PTHREAD_CANCELED;
	}
	MUST(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old) == 0);
	MUST(pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &old) == 0 && old == PTHREAD_CANCEL_ASYNCHRONOUS);
	MUST(pthread_setcanceltype(1000, &old) != 0);
	pid_t child = fork();
	if (!child)
		_exit(3);
	MUST(waitpid(child, &status, 0) == child);
	printf("%d cancelled, child %d\n", cancelled, WEXITSTATUS(status));
	return 0;
}
