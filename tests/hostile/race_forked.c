// hostile: the only race is in the child of a parent with threads
// expect: race-data
// times: 10
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"
static char text[8];
static void first(void)
{
	strcpy(text, "one");
}
static void second(void)
{
	strcpy(text, "two");
}
static void *idle(void *argument)
{
	pause();
	return argument;
}
int main(void)
{
	pthread_t thread;
	int status;
	pthread_create(&thread, NULL, idle, NULL);
	strcpy(text, "all");
	if (!fork()) {
		pair_run(first, second);
		_exit(6);
	}
	wait(&status);
	printf("%d\n", WEXITSTATUS(status));
	return 0;
}
