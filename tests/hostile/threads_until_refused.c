// hostile: threads until EAGAIN, in a small address space
// run: ulimit -v 2000000
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static void *idle(void *argument)
{
	pause();
	return argument;
}
int main(void)
{
	pthread_t thread;
	int error, count = 0;
	while (!(error = pthread_create(&thread, NULL, idle, NULL)))
		count++;
	printf("%d %s\n", count > 100 && count < 300, strerror(error));
	error = pthread_create(&thread, NULL, idle, NULL);
	printf("%s\n", strerror(error));
	return 4;
}
