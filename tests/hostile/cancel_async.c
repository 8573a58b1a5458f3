// hostile: asynchronous cancellation of threads that copy, compare and lock; others go on, and one forks
// seconds: 10
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static void *victim(void *argument)
{
	char a[100] = {0}, b[100];
	sem_t semaphore;
	sem_init(&semaphore, 0, 0);
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	for (;;) {
		memcpy(b, a, sizeof(a));
		sem_post(&semaphore);
		sem_trywait(&semaphore);
	}
}
int main(void)
{
	for (int i = 0; i < 300; i++) {
		pthread_t thread;
		void *result;
		pthread_create(&thread, NULL, victim, NULL);
		usleep(300);
		pthread_cancel(thread);
		pthread_join(thread, &result);
		sem_t semaphore;
		sem_init(&semaphore, 0, 1);
		sem_wait(&semaphore);
		sem_destroy(&semaphore);
		if (i % 20 == 0) {
			int status;
			if (!fork())
				_exit(0);
			wait(&status);
		}
	}
	puts("done");
	return 0;
}
