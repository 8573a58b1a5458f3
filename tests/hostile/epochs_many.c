// hostile: 300,000 releases in each of three threads, with accesses between them, all in order
// seconds: 30
#include <pthread.h>
#include <stdio.h>
#include <string.h>
static pthread_mutex_t mutexes[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static char text[2][16], early[16];
static void *work(void *argument)
{
	char own[16];
	for (int i = 0; i < 300000; i++) {
		int which = i & 1;
		pthread_mutex_lock(&mutexes[which]);
		memset(text[which], i, 16);
		pthread_mutex_unlock(&mutexes[which]);
		memset(own, i, 16);
	}
	return argument;
}
int main(void)
{
	pthread_t threads[3];
	strcpy(early, "early");
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	strcat(early, text[0][0] ? "!" : "?");
	puts(early);
	return 0;
}
