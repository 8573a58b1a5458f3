// hostile: a SIGCHLD handler reaps 300 children while the parent and a thread allocate, copy and lock
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static volatile sig_atomic_t reaped, sum, stop;
static void on_child(int number)
{
	int status, saved = errno;
	while (waitpid(-1, &status, WNOHANG) > 0) {
		reaped++;
		sum += WEXITSTATUS(status);
	}
	errno = saved;
}
static void *work(void *argument)
{
	char a[100] = {0}, b[100];
	while (!stop) {
		memcpy(a, b, 100);
		free(malloc(50));
	}
	return argument;
}
int main(void)
{
	pthread_t thread;
	struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART | SA_NOCLDSTOP};
	sigaction(SIGCHLD, &action, NULL);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_create(&thread, NULL, work, NULL);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	for (int i = 0; i < 300; i++) {
		char *block = strdup("text");
		if (!fork())
			_exit(i % 7);
		free(block);
	}
	while (reaped < 300)
		free(strdup("wait"));
	stop = 1;
	pthread_join(thread, NULL);
	printf("%d %d\n", reaped, sum);
	return 0;
}
