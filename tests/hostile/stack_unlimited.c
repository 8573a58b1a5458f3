// hostile: an unlimited stack, frames of 200 MB by alloca, threads and contexts beside
// run: ulimit -s unlimited
#include <alloca.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
static void *idle(void *argument)
{
	for (;;)
		pthread_testcancel();
}
static __attribute__((noinline)) void deep(size_t bytes)
{
	char *room = alloca(bytes);
	memset(room, 1, 100);
	memset(room + bytes - 100, 1, 100);
	free(strdup("below"));
}
int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, idle, NULL);
	for (int i = 0; i < 100; i++)
		deep((size_t)i << 21);
	pthread_cancel(thread);
	pthread_join(thread, NULL);
	puts("done");
	return 0;
}
