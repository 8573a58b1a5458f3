// hostile: allocates until there is no more, in an address space limited at run time
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static void *use(void *argument)
{
	for (int i = 0; i < 2000; i++) {
		pthread_mutex_lock(&mutex);
		char *block = malloc(1 << 20), *small = malloc(10);
		if (block)
			memset(block, 1, 1 << 16);
		free(block);
		free(small);
		pthread_mutex_unlock(&mutex);
	}
	return argument;
}
int main(void)
{
	struct rlimit limit = {512 << 20, 512 << 20}, got;
	pthread_t thread;
	pthread_create(&thread, NULL, use, NULL);
	setrlimit(RLIMIT_AS, &limit);
	getrlimit(RLIMIT_AS, &got);
	printf("%lu %lu\n", got.rlim_cur >> 20, got.rlim_max >> 20);
	int count = 0;
	errno = 0;
	char *block = NULL, *previous = NULL;
	while ((block = malloc(1 << 20))) {
		*(char **)block = previous;
		previous = block;
		count++;
	}
	printf("%d %s\n", count > 200 && count < 512, strerror(errno));
	while (malloc(64))
		;
	printf("realloc %d calloc %d mmap\n", !realloc(NULL, 1 << 20), !calloc(1 << 10, 1 << 10));
	pthread_join(thread, NULL);
	while (previous) {
		block = *(char **)previous;
		free(previous);
		previous = block;
	}
	return 0;
}
