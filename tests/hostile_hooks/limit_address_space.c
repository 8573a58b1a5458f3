// hostile: an address space of 200 MB, where no linear shadow can be had
// compilers: gcc clang
// run: ulimit -v 200000
// expect: race-data
// at: race_first<work race_second<work
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include "planted.h"
enum { WORDS = 1 << 18 };
static struct gate gate;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long sum;
static void *work(void *argument)
{
	long which = (long)argument, *words = malloc(WORDS * sizeof(long)), own = 0;
	for (int i = 0; i < WORDS; i++)
		words[i] = i;
	for (int i = 0; i < WORDS; i++)
		own += words[i];
	free(words);
	pthread_mutex_lock(&mutex);
	sum += own;
	pthread_mutex_unlock(&mutex);
	gate_wait(&gate, which);
	which ? race_second() : race_first();
	gate_open(&gate, which + 1);
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 65536);
	for (long i = 0; i < 2; i++)
		if (pthread_create(&threads[i], &attributes, work, (void *)i))
			return 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%ld\n", sum);
	return 0;
}
