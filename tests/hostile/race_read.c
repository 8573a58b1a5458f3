// hostile: read into a buffer that another thread prints, without a lock
// expect: race-data
// times: 20
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static char shared[64];
static void *reader(void *argument)
{
	int fd = open("/dev/zero", O_RDONLY);
	read(fd, shared, sizeof(shared) - 1);
	close(fd);
	return argument;
}
int main(void)
{
	pthread_t thread;
	char copy[100];
	pthread_create(&thread, NULL, reader, NULL);
	snprintf(copy, sizeof(copy), "%s", shared);
	pthread_join(thread, NULL);
	return 0;
}
