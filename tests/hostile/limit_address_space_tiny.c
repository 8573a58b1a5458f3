// hostile: an address space of 40 MB
// run: ulimit -v 40000
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static void *work(void *argument)
{
	for (int i = 0; i < 1000; i++) {
		char *block = malloc(1000);
		memset(block, 0, 1000);
		free(block);
	}
	return argument;
}
int main(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, work, NULL);
	printf("create %d\n", error);
	if (!error)
		pthread_join(thread, NULL);
	return 0;
}
