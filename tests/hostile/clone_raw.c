// hostile: a thread made by clone alone, sharing memory and even the thread pointer, copies and compares beside main
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile int over;
static void *idle(void *argument)
{
	pause();
	return argument;
}
static int work(void *argument)
{
	char a[1000] = {0}, b[1000];
	for (int i = 0; i < 100000; i++) {
		memcpy(b, a, sizeof(a));
		if (memcmp(a, b, sizeof(a)))
			return 1;
	}
	over = 1;
	return 0;
}
int main(void)
{
	pthread_t thread;
	char a[1000] = {0}, b[1000];
	int status;
	pthread_create(&thread, NULL, idle, NULL);
	char *stack = mmap(NULL, 1 << 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t child = clone(work, stack + (1 << 16), CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD, NULL);
	for (int i = 0; i < 100000; i++) {
		memcpy(b, a, sizeof(a));
		memmove(a, b, sizeof(a));
	}
	waitpid(child, &status, 0);
	printf("%x %d\n", status, over);
	return 0;
}
