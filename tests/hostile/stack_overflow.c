// hostile: recursion without an end, with libc calls in every frame
// run: ulimit -c 0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
static volatile int sink;
static int recurse(int depth)
{
	char frame[200];
	memset(frame, depth, sizeof(frame));
	free(malloc(10));
	sink = recurse(depth + 1) + frame[depth % 200];
	return sink;
}
static void *idle(void *argument)
{
	for (;;)
		pthread_testcancel();
}
int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, idle, NULL);
	puts("before");
	fflush(stdout);
	recurse(0);
	puts("not reached");
	return 0;
}
