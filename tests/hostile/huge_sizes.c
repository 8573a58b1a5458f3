// hostile: with a second thread, asks for copies far larger than the memory that is there
// run: ulimit -c 0
// seconds: 10
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static sigjmp_buf back;
static void on_segv(int number)
{
	siglongjmp(back, number);
}
static void *idle(void *argument)
{
	pause();
	return argument;
}
int main(void)
{
	pthread_t thread;
	volatile size_t big = 1ull << 33;
	static char from[64], to[64];
	pthread_create(&thread, NULL, idle, NULL);
	int fd = open("/dev/null", O_WRONLY), file = open("out", O_RDWR | O_CREAT, 0600);
	printf("write %zd\n", write(fd, from, big) > 0);
	printf("write file %d\n", write(file, (void *)16, big) < 0 && errno == EFAULT);
	signal(SIGSEGV, on_segv);
	if (!sigsetjmp(back, 1))
		memset(to, 1, big);
	else
		puts("memset: SIGSEGV");
	fflush(stdout);
	signal(SIGSEGV, SIG_DFL);
	memcpy(to, (char *)0x7000, big << 10);
	puts("not reached");
	return 0;
}
