// hostile: C11 threads, joined, beside a POSIX one
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <threads.h>
#include <unistd.h>

static char text[64];
static int work(void *argument)
{
	strcpy(text, argument);
	return 3;
}
static void *idle(void *argument)
{
	pause();
	return argument;
}
int main(void)
{
	pthread_t other;
	pthread_create(&other, NULL, idle, NULL);
	for (int i = 0; i < 10; i++) {
		thrd_t thread;
		int result;
		strcpy(text, "before");
		thrd_create(&thread, work, "by the thread");
		thrd_join(thread, &result);
		strcat(text, "!");
		printf("%s %d\n", text, result);
	}
	return 0;
}
