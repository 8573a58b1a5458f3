// hostile: a library that is constructed first has atfork handlers which take its lock; other threads hold it and copy
// seconds: 10
// library: -pthread
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
void library_work(void);
static volatile int stop;
static void *work(void *argument)
{
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		library_work();
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 300; i++) {
		int status;
		if (!fork()) {
			library_work();
			_exit(0);
		}
		wait(&status);
	}
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	puts("done");
	return 0;
}
