// hostile: overwrites argv and the environment as setproctitle does, clears environ, then forks, execs and races
// expect: race-data
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"
extern char **environ;
static char text[8];
static void first(void)
{
	strcpy(text, "one");
}
static void second(void)
{
	strcpy(text, "two");
}
int main(int argc, char **argv)
{
	char *end = argv[0];
	for (char **at = environ; *at; at++)
		end = *at + strlen(*at) + 1;
	memset(argv[0], 'x', end - argv[0]);
	environ = NULL;
	clearenv();
	setenv("A", "b", 1);
	environ = NULL;
	char *arguments[] = {"sh", "-c", "exit 3", NULL};
	int status;
	if (!fork()) {
		execv("/bin/sh", arguments);
		_exit(1);
	}
	wait(&status);
	printf("%d %s\n", WEXITSTATUS(status), getenv("A") ? "env" : "none");
	argv[0] = NULL;
	pair_run(first, second);
	return 0;
}
