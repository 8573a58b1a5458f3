// hostile: probes bad pointers with strlen and strcpy, leaves the SIGSEGV handler by siglongjmp, then forks and locks
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf back;
static void on_segv(int number)
{
	siglongjmp(back, number);
}
static int probe(const char *bad)
{
	char room[64];
	if (sigsetjmp(back, 1))
		return 1;
	strcpy(room, bad);
	return 0;
}
static pthread_barrier_t barrier;
static void *work(void *argument)
{
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return argument;
}
int main(void)
{
	signal(SIGSEGV, on_segv);
	pthread_t thread;
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&thread, NULL, work, NULL);
	pthread_barrier_wait(&barrier);
	int caught = 0;
	for (int i = 0; i < 100; i++)
		caught += probe((const char *)(long)(8 + i));
	printf("caught %d\n", caught);
	fflush(stdout);
	if (!fork())
		_exit(7);
	int status;
	wait(&status);
	printf("child %d\n", WEXITSTATUS(status));
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	return 0;
}
