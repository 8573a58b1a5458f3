// hostile: a race at the bottom of a recursion 100,000 deep: its stack ends after the frames that are kept
// compilers: gcc clang
// expect: race-data
// at: race_first<recurse<recurse<recurse race_second<second
#include <pthread.h>
#include <stdio.h>
#include "planted.h"
enum { DEPTH = 100000 };
static struct gate gate;
static __attribute__((noinline, noclone)) long recurse(long depth)
{
	if (!depth) {
		race_first();
		return 1;
	}
	return recurse(depth - 1) + 1;
}
static void *first(void *argument)
{
	gate_wait(&gate, 1);
	long depth = recurse(DEPTH);
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
	pthread_attr_setstacksize(&attributes, 64 << 20);
	pthread_create(&threads[0], &attributes, first, NULL);
	pthread_create(&threads[1], NULL, second, NULL);
	pthread_join(threads[0], &depth);
	pthread_join(threads[1], NULL);
	printf("%ld\n", (long)depth);
	return 0;
}
