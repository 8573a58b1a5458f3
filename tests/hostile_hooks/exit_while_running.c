// hostile: exit while threads store, lock and count, with an exit handler and a destructor that store, too
// compilers: gcc clang
// expect: race-data
// at: race_first race_second
// times: 5
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "planted.h"
enum { THREADS = 4, WORDS = 1 << 16 };
static struct gate gate, started[THREADS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long words[THREADS][WORDS], counted, at_end;
static __thread long own;
static void *work(void *argument)
{
	long which = (long)argument;
	if (which < 2) {
		gate_wait(&gate, which);
		which ? race_second() : race_first();
		gate_open(&gate, which + 1);
	}
	gate_open(&started[which], 1);
	for (;;)
		for (int i = 0; i < WORDS; i++) {
			words[which][i]++;
			own++;
			__atomic_fetch_add(&counted, 1, __ATOMIC_RELAXED);
			if (i % 64)
				continue;
			pthread_mutex_lock(&mutex);
			pthread_mutex_unlock(&mutex);
		}
	return argument;
}
static void on_exit_call(void)
{
	at_end++;
	puts("exit handler");
}
__attribute__((destructor)) static void destruct(void)
{
	at_end++;
	printf("destructor %ld\n", at_end);
}
int main(void)
{
	pthread_t thread;
	atexit(on_exit_call);
	for (long i = 0; i < THREADS; i++)
		pthread_create(&thread, NULL, work, (void *)i);
	for (int i = 0; i < THREADS; i++)
		gate_wait(&started[i], 1);
	exit(7);
}
