// hostile: atfork handlers that allocate, lock, copy and start threads; forks within forks, ten deep
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[64];
static volatile int stop;
static void *short_work(void *argument)
{
	return strdup("x");
}
static void prepare(void)
{
	pthread_mutex_lock(&mutex);
	strcpy(text, "prepare");
	free(strdup(text));
}
static void parent(void)
{
	strcpy(text, "parent");
	pthread_mutex_unlock(&mutex);
}
static void child(void)
{
	pthread_t thread;
	void *result;
	strcpy(text, "child");
	pthread_mutex_unlock(&mutex);
	pthread_create(&thread, NULL, short_work, NULL);
	pthread_join(thread, &result);
	free(result);
}
static void *work(void *argument)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		pthread_mutex_lock(&mutex);
		strcpy(text, "thread");
		pthread_mutex_unlock(&mutex);
		free(malloc(100));
	}
	return argument;
}
int main(void)
{
	pthread_atfork(prepare, parent, child);
	for (int depth = 0; depth < 10; depth++) {
		pthread_t threads[2];
		int status;
		stop = 0;
		for (int i = 0; i < 2; i++)
			pthread_create(&threads[i], NULL, work, NULL);
		for (int i = 0; i < 5; i++)
			if (!fork())
				_exit(0);
			else
				wait(&status);
		pid_t next = fork();
		if (next) {
			waitpid(next, &status, 0);
			stop = 1;
			for (int i = 0; i < 2; i++)
				pthread_join(threads[i], NULL);
			if (!depth)
				printf("%d\n", WEXITSTATUS(status));
			return WEXITSTATUS(status) + 1;
		}
	}
	return 0;
}
