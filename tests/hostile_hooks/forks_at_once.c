// hostile: four threads that do nothing but fork, all at once
// compilers: gcc clang
// expect: race-data
// at: race_first race_second
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "planted.h"
enum { THREADS = 4, FORKS = 150 };
static struct gate gate;
static long ends[THREADS];
static void *forks(void *argument)
{
	long which = (long)argument;
	for (int i = 0; i < FORKS; i++) {
		int status = 0;
		pid_t pid = fork();
		if (!pid)
			_exit(3);
		waitpid(pid, &status, 0);
		ends[which] += WEXITSTATUS(status);
	}
	gate_wait(&gate, which);
	if (which < 2)
		which ? race_second() : race_first();
	gate_open(&gate, which + 1);
	return argument;
}
int main(void)
{
	pthread_t threads[THREADS];
	long sum = 0;
	for (long i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, forks, (void *)i);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < THREADS; i++)
		sum += ends[i];
	printf("%ld\n", sum);
	return 0;
}
