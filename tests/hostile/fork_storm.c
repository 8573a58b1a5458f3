// hostile: 600 forks while other threads lock, allocate and copy; children do so too, and start threads
// seconds: 30
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int stop;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char text[200];
static void *work(void *argument)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		char *block = malloc(300);
		memset(block, 1, 300);
		pthread_mutex_lock(&mutex);
		memcpy(text, block, 200);
		pthread_mutex_unlock(&mutex);
		free(block);
	}
	return argument;
}
static void *short_work(void *argument)
{
	free(malloc(10));
	return argument;
}
int main(void)
{
	pthread_t threads[3];
	int bad = 0;
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 600; i++) {
		pid_t child = fork();
		if (!child) {
			pthread_t thread;
			char *block = malloc(100);
			strcpy(block, "child");
			free(block);
			if (i % 8 == 0) {
				pthread_create(&thread, NULL, short_work, NULL);
				pthread_join(thread, NULL);
			}
			_exit(i & 63);
		}
		int status;
		waitpid(child, &status, 0);
		bad += WEXITSTATUS(status) != (i & 63);
	}
	stop = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	printf("%d bad\n", bad);
	return 0;
}
