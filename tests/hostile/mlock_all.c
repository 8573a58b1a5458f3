// hostile: locks all its memory, within a limit, as real-time programs and key stores do
// run: ulimit -l 100000
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
static void *work(void *argument)
{
	free(malloc(1000));
	return argument;
}
int main(void)
{
	setgid(65534);
	if (setuid(65534))
		puts("no root");
	int result = mlockall(MCL_CURRENT | MCL_FUTURE);
	printf("%d %s\n", result, result ? strerror(errno) : "");
	pthread_t thread;
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 65536);
	printf("%d\n", pthread_create(&thread, &attributes, work, NULL));
	pthread_join(thread, NULL);
	return 0;
}
