// hostile: the usual race by memcpy, found at every run
// expect: race-data
// times: 20
#include <pthread.h>
#include <stdio.h>
#include <string.h>
static char shared[64];
static void *work(void *argument)
{
	char local[64] = {0};
	for (int i = 0; i < 100; i++) {
		pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
		pthread_mutex_lock(&mutex);
		memcpy(shared, local, sizeof(shared));
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
