// hostile: two threads, two different locks, and readers that write
// expect: race-data
// times: 20
#include <pthread.h>
#include <stdio.h>
#include <string.h>
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static char text[32];
static void *work(void *argument)
{
	pthread_rwlock_rdlock(&lock);
	strcpy(text, "reader that writes");
	pthread_rwlock_unlock(&lock);
	return argument;
}
int main(void)
{
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
