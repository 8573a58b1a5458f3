// hostile: 60,000 mutexes in as many pages, then blocks of all sizes come and go beside them
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
static void *idle(void *argument)
{
	for (;;)
		pthread_testcancel(), sched_yield(), pause();
}
int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, idle, NULL);
	for (int i = 0; i < 60000; i++) {
		pthread_mutex_t *mutex = malloc(4000);
		pthread_mutex_init(mutex, NULL);
		pthread_mutex_lock(mutex);
		pthread_mutex_unlock(mutex);
	}
	for (int i = 0; i < 20000; i++)
		free(malloc(1 + (i * 7919l) % 100000));
	for (int i = 0; i < 100; i++)
		free(malloc(30000000));
	puts("done");
	return 0;
}
