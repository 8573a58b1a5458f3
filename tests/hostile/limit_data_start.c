// hostile: has little memory for data from the start on, and two threads in it
// run: ulimit -d 2000000
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[100];
static void *work(void *argument)
{
	for (int i = 0; i < 1000; i++) {
		char *block = malloc(100000);
		memset(block, 1, 100000);
		pthread_mutex_lock(&mutex);
		memcpy(text, block, sizeof(text));
		pthread_mutex_unlock(&mutex);
		free(block);
	}
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		printf("%d\n", pthread_create(&threads[i], NULL, work, NULL));
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%d %d\n", text[0], malloc(200 << 20) != NULL);
	return 0;
}
