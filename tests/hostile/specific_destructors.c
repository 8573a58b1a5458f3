// hostile: destructors of thread-specific data that allocate, lock, copy, and set themselves again
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static pthread_key_t keys[3];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[1000];
static int rounds;
static void destroy(void *value)
{
	char *copy = strdup(value);
	pthread_mutex_lock(&mutex);
	if (rounds++ < 50)
		strcat(text, copy);
	pthread_mutex_unlock(&mutex);
	free(copy);
	static __thread int again;
	if (again++ < 2)
		pthread_setspecific(keys[0], value);
}
static void *work(void *argument)
{
	for (int i = 0; i < 3; i++)
		pthread_setspecific(keys[i], "v");
	return argument;
}
int main(void)
{
	for (int i = 0; i < 3; i++)
		pthread_key_create(&keys[i], destroy);
	for (int i = 0; i < 10; i++) {
		pthread_t threads[5];
		for (int j = 0; j < 5; j++)
			pthread_create(&threads[j], NULL, work, NULL);
		for (int j = 0; j < 5; j++)
			pthread_join(threads[j], NULL);
	}
	printf("%zu %d\n", strlen(text), rounds);
	return 0;
}
