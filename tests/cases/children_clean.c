// Children that are waited for in every way: what they did in shared memory, and what was done before they were started, is ordered.
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static char *shared;
static volatile size_t bytes = 64; /* a call, and not stores in its place */

static pid_t start(void)
{
	pid_t child = fork();
	if (!child) {
		memset(shared, 'c', bytes);
		_exit(0);
	}
	return child;
}

static void end(int failed)
{
	if (failed)
		abort();
	memset(shared, 'p', bytes);
}

int main(void)
{
	char *arguments[] = {"sh", "-c", "exit 0", NULL};
	struct rusage usage;
	siginfo_t info;
	int status;
	pid_t child;
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	end(start() != wait(&status));
	child = start();
	end(waitpid(child, &status, 0) != child);
	end(start() != wait3(&status, 0, &usage));
	child = start();
	end(wait4(child, &status, 0, &usage) != child);
	child = start();
	end(waitid(P_PID, (id_t)child, &info, WEXITED));
	end(system("exit 0"));
	end(posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ) ||
		waitpid(child, &status, 0) != child);
	end(posix_spawnp(&child, "sh", NULL, NULL, arguments, environ) ||
		waitpid(child, &status, 0) != child);
	return 0;
}
