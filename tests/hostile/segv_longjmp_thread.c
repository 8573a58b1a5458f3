// hostile: a thread leaves a SIGSEGV handler by siglongjmp out of memcmp; another one forks afterwards
// seconds: 10
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static __thread sigjmp_buf back;
static pthread_barrier_t barrier;
static volatile int sink;
static void on_segv(int number)
{
	siglongjmp(back, number);
}
static void *work(void *argument)
{
	if (!sigsetjmp(back, 1))
		sink = memcmp((char *)16 + sink, "abc", 3);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	return argument;
}
int main(void)
{
	pthread_t thread;
	signal(SIGSEGV, on_segv);
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&thread, NULL, work, NULL);
	pthread_barrier_wait(&barrier);
	if (!fork())
		_exit(3);
	int status;
	wait(&status);
	printf("child %d\n", WEXITSTATUS(status));
	pthread_barrier_wait(&barrier);
	pthread_join(thread, NULL);
	return 0;
}
