// hostile: recursion 3,000,000 deep, left half-way by longjmp, and the stacks are right again
// compilers: gcc clang
// expect: race-data
// at: race_first<inner<first race_second<second
// peak: 1500
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include "planted.h"
enum { DEPTH = 3000000, JUMP = 2000000, MARK = 1200000 };
static struct gate gate;
static long down, up;
static jmp_buf back;
static __attribute__((noinline, noclone)) long recurse(long depth)
{
	down += depth & 1;
	if (depth == DEPTH - MARK && setjmp(back))
		return 1;
	if (!depth)
		longjmp(back, 1);
	long below = recurse(depth - 1);
	up += depth & 1;
	return below + 1;
}
static __attribute__((noinline, noclone)) long inner(void)
{
	long depth = recurse(DEPTH);
	race_first();
	return depth;
}
static void *first(void *argument)
{
	gate_wait(&gate, 1);
	long depth = inner();
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
	pthread_attr_setstacksize(&attributes, 512 << 20);
	pthread_create(&threads[0], &attributes, first, NULL);
	pthread_create(&threads[1], NULL, second, NULL);
	pthread_join(threads[0], &depth);
	pthread_join(threads[1], NULL);
	printf("%ld %ld %ld\n", (long)depth, down, up);
	return 0;
}
