// hostile: counts its descriptors before and after threads that race, as leak checks of test suites do
// expect: race-data
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static char values[64];
static volatile size_t size = sizeof(values); /* it is a call */
static int count(void)
{
	int found = 0;
	DIR *folder = opendir("/proc/self/fd");
	while (readdir(folder))
		found++;
	closedir(folder);
	return found;
}
static void *work(void *argument)
{
	memset(values, (int)(long)argument, size);
	usleep(1000);
	return NULL;
}
int main(void)
{
	int before = count();
	pthread_t threads[2];
	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, (void *)(i + 1));
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%d more\n", count() - before);
	return 0;
}
