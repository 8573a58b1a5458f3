// hostile: 300 threads with the smallest stacks there are, under a small RLIMIT_STACK, most of what they have used
// compilers: gcc clang
// run: ulimit -s 128
// expect: race-data
// at: race_first<work race_second<work
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include "planted.h"
enum { THREADS = 300, USED = 7000 };
static struct gate gate;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long sum, users;
static __attribute__((noinline)) long use(int number)
{
	volatile char used[USED];
	for (int i = 0; i < USED; i++)
		used[i] = (char)(i + number);
	pthread_mutex_lock(&mutex);
	sum += used[number] + used[USED - 1];
	pthread_mutex_unlock(&mutex);
	__atomic_fetch_add(&users, 1, __ATOMIC_RELAXED);
	return 0;
}
static void *work(void *argument)
{
	long which = (long)argument;
	gate_wait(&gate, which);
	use((int)which);
	if (which == 1)
		race_first();
	if (which == THREADS - 1)
		race_second();
	gate_open(&gate, which + 1);
	return argument;
}
int main(void)
{
	pthread_t threads[THREADS];
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	printf("%d\n", pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN));
	for (long i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], &attributes, work, (void *)i))
			puts("failed");
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%ld %ld\n", sum, users);
	return 0;
}
