// hostile: writes all of malloc_usable_size, in blocks that go from thread to thread
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *work(void *argument)
{
	for (int i = 0; i < 100; i++) {
		char *block = malloc(9);
		memset(block, i, malloc_usable_size(block));
		free(block);
	}
	return argument;
}
int main(void)
{
	mallopt(M_ARENA_MAX, 1);
	pthread_t threads[20];
	for (int i = 0; i < 20; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 20; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
