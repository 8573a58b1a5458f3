// hostile: threads of different real-time priority on one processor, with locks of short sections in a loop
// seconds: 15
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static pthread_mutex_t mutex;
static volatile int stop;
static void *work(void *argument)
{
	struct sched_param priority = {(int)(long)argument};
	if (pthread_setschedparam(pthread_self(), SCHED_FIFO, &priority))
		return NULL;
	char a[2000], b[2000] = {0};
	for (int i = 0; i < 3000; i++) {
		memcpy(a, b, 2000);
		for (int j = 0; j < 10; j++) {
			pthread_mutex_lock(&mutex);
			pthread_mutex_unlock(&mutex);
		}
		free(malloc(100));
		if (argument == (void *)20 && i % 10 == 0)
			usleep(50);
	}
	return NULL;
}
int main(void)
{
	cpu_set_t one;
	pthread_t threads[3];
	pthread_mutexattr_t attributes;
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
	pthread_mutex_init(&mutex, &attributes);
	for (long i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, work, (void *)(10 * (i + 1)));
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
