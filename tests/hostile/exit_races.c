// hostile: several threads exit at once
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static pthread_barrier_t barrier;
static void *work(void *argument)
{
	pthread_barrier_wait(&barrier);
	exit(5);
}
int main(void)
{
	int bad = 0;
	for (int i = 0; i < 50; i++) {
		int status;
		if (!fork()) {
			pthread_t thread;
			pthread_barrier_init(&barrier, NULL, 4);
			for (int j = 0; j < 4; j++)
				pthread_create(&thread, NULL, work, NULL);
			return pause();
		}
		wait(&status);
		bad += WEXITSTATUS(status) != 5;
	}
	printf("%d\n", bad);
	return 0;
}
