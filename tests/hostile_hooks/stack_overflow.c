// hostile: a thread's stack overflows, in plain stores only; the race that came before is in the report
// compilers: gcc clang
// run: ulimit -c 0
// expect: race-data
// at: race_first race_second
#include <pthread.h>
#include <stdio.h>
#include "planted.h"
static struct gate gate;
static volatile int sink;
static __attribute__((noinline)) int recurse(int depth)
{
	volatile char frame[200];
	frame[depth % 200] = (char)depth;
	sink = recurse(depth + 1) + frame[depth % 200];
	return sink;
}
static void *first(void *argument)
{
	race_first();
	gate_open(&gate, 1);
	gate_wait(&gate, 3);
	return argument;
}
static void *second(void *argument)
{
	gate_wait(&gate, 1);
	race_second();
	recurse(0);
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	puts("before");
	fflush(stdout);
	pthread_create(&threads[0], NULL, first, NULL);
	pthread_create(&threads[1], NULL, second, NULL);
	pthread_join(threads[1], NULL);
	puts("not reached");
	return 0;
}
