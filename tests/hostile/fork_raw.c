// hostile: forks by the system call and by _Fork; children have threads and a race of their own
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static void *work(void *argument)
{
	free(malloc(10));
	return argument;
}
int main(void)
{
	for (int i = 0; i < 10; i++) {
		int status;
		pid_t child = i & 1 ? syscall(SYS_fork) : _Fork();
		if (!child) {
			pthread_t thread;
			char text[100];
			memset(text, 1, 100);
			pthread_create(&thread, NULL, work, NULL);
			pthread_join(thread, NULL);
			if (i & 2)
				execl("/bin/true", "true", NULL);
			_exit(i);
		}
		waitpid(child, &status, 0);
		printf("%d\n", WEXITSTATUS(status));
	}
	return 0;
}
