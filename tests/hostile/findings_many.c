// hostile: a thousand mappings, and a race on 6,000 ways that is one for the reader
// expect: race-data
// seconds: 30
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "gate.h"
static char text[64];
static struct gate gate;
static __attribute__((noinline)) void place(unsigned path, int depth, char value);
static __attribute__((noinline)) void left(unsigned path, int depth, char value)
{
	place(path, depth, value);
	__asm__ volatile("" ::: "memory");
}
static __attribute__((noinline)) void right(unsigned path, int depth, char value)
{
	place(path, depth, value);
	__asm__ volatile("" ::: "memory");
}
static __attribute__((noinline)) void place(unsigned path, int depth, char value)
{
	if (!depth)
		memset(text, value, sizeof(text));
	else if (path & 1)
		left(path >> 1, depth - 1, value);
	else
		right(path >> 1, depth - 1, value);
	__asm__ volatile("" ::: "memory");
}
static void *work(void *argument)
{
	int self = *(int *)argument;
	pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER;
	for (int i = 0; i < 3000; i++) {
		gate_wait(&gate, 2 * i + self);
		pthread_mutex_lock(&own);
		place(i, 12, i);
		pthread_mutex_unlock(&own);
		gate_open(&gate, 2 * i + self + 1);
	}
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	int selves[2] = {0, 1};
	for (int i = 0; i < 1000; i++)
		mmap(NULL, 4096, i & 1 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, &selves[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
