// hostile: vfork, posix_spawn, system, popen, daemon and double forks, with signals blocked and children waited for in every way
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
static void *idle(void *argument)
{
	pause();
	return argument;
}
int main(void)
{
	int status, pipes[2];
	pid_t child;
	pthread_t thread;
	pthread_create(&thread, NULL, idle, NULL);
	for (int i = 0; i < 20; i++) {
		if (!(child = vfork())) {
			if (i & 1)
				execl("/bin/sh", "sh", "-c", "exit 4", NULL);
			else
				execl("/nonexistent", "x", NULL);
			_exit(errno == ENOENT ? 5 : 6);
		}
		waitpid(child, &status, 0);
		printf("%d ", WEXITSTATUS(status));
	}
	char *arguments[] = {"sh", "-c", "exit 7", NULL};
	posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ);
	waitpid(child, &status, 0);
	printf("%d\n", WEXITSTATUS(status));
	fflush(stdout);
	printf("%d\n", WEXITSTATUS(system("exit 8")));
	char line[100];
	FILE *stream = popen("echo popen; exit 9", "r");
	fgets(line, sizeof(line), stream);
	printf("%s%d\n", line, WEXITSTATUS(pclose(stream)));
	fflush(stdout);
	pipe(pipes);
	if (!fork()) {
		if (!fork()) {
			setsid();
			char *text = strdup("grandchild\n");
			pthread_create(&thread, NULL, idle, NULL);
			usleep(1000);
			write(pipes[1], text, strlen(text));
			_exit(0);
		}
		_exit(1);
	}
	wait(&status);
	close(pipes[1]);
	ssize_t got = read(pipes[0], line, sizeof(line));
	write(1, line, got);
	got = read(pipes[0], line, sizeof(line));
	printf("%zd %d\n", got, wait(NULL) < 0 && errno == ECHILD);
	fflush(stdout);
	pipe(pipes);
	if (!fork()) {
		daemon(0, 0);
		pthread_create(&thread, NULL, idle, NULL);
		pthread_cancel(thread);
		pthread_join(thread, NULL);
		write(pipes[1], "daemon\n", 7);
		exit(0);
	}
	wait(&status);
	close(pipes[1]);
	got = read(pipes[0], line, sizeof(line));
	write(1, line, got);
	return 0;
}
