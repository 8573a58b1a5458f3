// Other ways to make processes: vfork, posix_spawn, system and popen, with several threads around.
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

static int wait_for(pid_t child)
{
	int status = -1;
	MUST(child > 0 && waitpid(child, &status, 0) == child);
	return WEXITSTATUS(status);
}

static void make_children(void)
{
	char *arguments[] = {"sh", "-c", "exit 3", NULL};
	char line[32] = "";
	pid_t child;
	MUST(posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ) == 0);
	int spawned = wait_for(child);
	child = vfork();
	if (child == 0) {
		execve("/bin/sh", arguments, environ);
		_exit(99);
	}
	int forked = wait_for(child);
	child = vfork();
	if (child == 0)
		_exit(5);
	int left = wait_for(child);
	int run = system("exit 7");
	FILE *output = popen("echo said", "r");
	MUST(output && fgets(line, sizeof line, output));
	pclose(output);
	printf("%d %d %d %d %s", spawned, forked, left, WEXITSTATUS(run), line);
	fflush(stdout);
}

int main(void)
{
	make_children();
	pair_run(make_children, make_children);
	return 0;
}
