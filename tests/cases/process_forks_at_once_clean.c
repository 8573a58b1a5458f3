// Many threads fork at the same time: each waits for the others' forks, and none for ever.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

enum { THREADS = 16, FORKS = 5 };

static void *forker(void *argument)
{
	for (int i = 0; i < FORKS; i++) {
		int status;
		pid_t child = fork();
		MUST(child >= 0);
		if (!child) {
			free(malloc(10));
			_exit(0);
		}
		MUST(waitpid(child, &status, 0) == child && status == 0);
		free(malloc(10));
	}
	return argument;
}

int main(void)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		MUST(pthread_create(&threads[i], NULL, forker, NULL) == 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
