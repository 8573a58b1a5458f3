// hostile: a race between threads with the smallest stacks, half used
// expect: race-data
// times: 5
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include "gate.h"
static struct gate gate;
static char text[16];
static void *work(void *argument)
{
	volatile char used[6000];
	memset((char *)used, 1, sizeof(used));
	gate_wait(&gate, *(int *)argument);
	strcpy(text, "text");
	gate_open(&gate, *(int *)argument + 1);
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	pthread_attr_t attributes;
	int turns[2] = {1, 2};
	pthread_attr_init(&attributes);
	printf("%d\n", pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN));
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], &attributes, work, &turns[i]);
	gate_open(&gate, 1);
	gate_wait(&gate, 3);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
