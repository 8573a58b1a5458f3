// hostile: recursion that branches: more distinct stacks than have room where memory is limited; what finds none is counted
// compilers: gcc clang
// expect: race-data
// run: ulimit -v 1000000
// loses: contexts_lost
// peak: 150
#include <pthread.h>
#include <stdio.h>
#include "planted.h"
enum { DEPTH = 18, LEAVES = 1 << DEPTH };
static struct gate gate;
static char leaves[LEAVES];
static __attribute__((noinline, noclone)) long branch(int depth, long leaf)
{
	if (!depth) {
		leaves[leaf]++;
		return 1;
	}
	long left = branch(depth - 1, 2 * leaf);
	return left + branch(depth - 1, 2 * leaf + 1);
}
static void *first(void *argument)
{
	gate_wait(&gate, 1);
	long count = branch(DEPTH, 0);
	race_first();
	gate_open(&gate, 2);
	return (void *)count;
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
	void *count;
	pthread_create(&threads[0], NULL, first, NULL);
	pthread_create(&threads[1], NULL, second, NULL);
	pthread_join(threads[0], &count);
	pthread_join(threads[1], NULL);
	printf("%ld\n", (long)count);
	return 0;
}
