// hostile: a thread dies of a store to what is not mapped; the race that came before is in the report
// compilers: gcc clang
// run: ulimit -c 0
// expect: race-data
// at: race_first race_second
#include <pthread.h>
#include <stdio.h>
#include "planted.h"
static struct gate gate;
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
	*(volatile long *)0x12345678 = 1;
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
	return 0;
}
