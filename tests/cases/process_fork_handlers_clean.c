// Handlers of the program's own around a fork with a second thread: each runs once, in order, and orders nothing wrongly.
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char said[64], data[16];

static void before(void)
{
	pthread_mutex_lock(&lock);
	strcat(said, "before ");
}

static void parent(void)
{
	strcat(said, "parent");
	pthread_mutex_unlock(&lock);
}

static void child(void)
{
	strcat(said, "child");
	pthread_mutex_unlock(&lock);
}

static void *work(void *unused)
{
	for (int i = 0; i < 2000; i++) {
		pthread_mutex_lock(&lock);
		memset(data, i, sizeof data);
		pthread_mutex_unlock(&lock);
	}
	return unused;
}

int main(void)
{
	pthread_t worker;
	int status;
	MUST(pthread_atfork(before, parent, child) == 0);
	MUST(pthread_create(&worker, NULL, work, NULL) == 0);
	pid_t pid = fork();
	if (!pid) {
		puts(said);
		fflush(stdout);
		_exit(3);
	}
	MUST(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 3);
	MUST(pthread_join(worker, NULL) == 0);
	puts(said);
	return 0;
}
