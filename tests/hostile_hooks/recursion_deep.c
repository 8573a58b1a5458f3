// hostile: recursion 1,000,000 deep, with accesses on the way down and up, ends as it began: later stacks are right
// compilers: gcc clang
// expect: race-data
// at: race_first<first race_second<second
// peak: 500
#include <pthread.h>
#include <stdio.h>
#include "planted.h"
enum { DEPTH = 1000000 };
static struct gate gate;
static long down, up;
static __attribute__((noinline, noclone)) long recurse(long depth)
{
	down += depth & 1;
	long below = depth ? recurse(depth - 1) : 0;
	up += depth & 1;
	return below + 1;
}
static void *first(void *argument)
{
	gate_wait(&gate, 1);
	long depth = recurse(DEPTH);
	race_first();
	gate_open(&gate, 2);
	return (void *)depth;
}
static void *second(void *argument)
{
	gate_open(&gate, 1);
	gate_wait(&gate, 2);
	race_second();
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	pthread_attr_t attributes;
	void *depth;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 256 << 20);
	pthread_create(&threads[0], &attributes, first, NULL);
	pthread_create(&threads[1], NULL, second, NULL);
	pthread_join(threads[0], &depth);
	pthread_join(threads[1], NULL);
	printf("%ld %ld %ld\n", (long)depth, down, up);
	return 0;
}
