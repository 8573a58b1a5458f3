// cflags: -fno-builtin
// After a fork each process has memory of its own, and locks that were held over it; nothing is shared.
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

static struct gate gate;
static int data;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *unused)
{
	pthread_mutex_lock(&mutex);
	memset(&data, 1, sizeof data);
	pthread_mutex_unlock(&mutex);
	gate_open(&gate, 1);
	gate_wait(&gate, 2);
	return unused;
}

static void touch(void)
{
	pthread_mutex_lock(&mutex);
	memset(&data, 2, sizeof data);
	pthread_mutex_unlock(&mutex);
}

int main(void)
{
	pthread_t thread;
	MUST(pthread_create(&thread, NULL, work, NULL) == 0);
	gate_wait(&gate, 1);
	pthread_mutex_lock(&mutex);
	for (int i = 0; i < 5; i++) {
		pid_t child = fork();
		MUST(child >= 0);
		if (child == 0) {
			memset(&data, 3, sizeof data);
			pthread_mutex_unlock(&mutex);
			pair_run(touch, touch);
			_exit(i);
		}
		int status = -1;
		MUST(waitpid(child, &status, 0) == child);
		printf("%d\n", WEXITSTATUS(status));
	}
	memset(&data, 4, sizeof data);
	pthread_mutex_unlock(&mutex);
	gate_open(&gate, 2);
	MUST(pthread_join(thread, NULL) == 0);
	return 0;
}
