// What was found before an exec is recorded, by every form of it; the new image is tracked, and a failed exec goes on.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

static int data, after;
static const char self[] = "/proc/self/exe";

static void before_exec(void)
{
	racetrack_write(&data, sizeof data); // race: race-data
}

static void in_new_image(void)
{
	racetrack_write(&after, sizeof after); // race: race-data
}

static void become(int way, char *path)
{
	char number[] = {(char)('0' + way), 0};
	char *arguments[] = {path, number, NULL};
	int fd = open(self, O_RDONLY | O_CLOEXEC);
	switch (way) {
	case 0:
		execve(self, arguments, environ);
		break;
	case 1:
		execv(self, arguments);
		break;
	case 2:
		execvp(path, arguments);
		break;
	case 3:
		execvpe(path, arguments, environ);
		break;
	case 4:
		execl(path, path, number, NULL);
		break;
	case 5:
		execlp(path, path, number, NULL);
		break;
	case 6:
		execle(path, path, number, NULL, environ);
		break;
	case 7:
		fexecve(fd, arguments, environ);
		break;
	default:
		execveat(fd, "", arguments, environ, AT_EMPTY_PATH);
	}
}

int main(int count, char **arguments)
{
	if (count > 1) {
		pair_run(in_new_image, in_new_image);
		printf("way %s\n", arguments[1]);
		return 3;
	}
	for (int way = 0; way < 9; way++) {
		pid_t child = fork();
		MUST(child >= 0);
		if (child == 0) {
			pair_run(before_exec, before_exec);
			errno = 0;
			MUST(execl("/no/such/program", "x", NULL) == -1 && errno == ENOENT);
			become(way, arguments[0]);
			_exit(99);
		}
		int status = -1;
		MUST(waitpid(child, &status, 0) == child);
		printf("%d\n", WEXITSTATUS(status));
		fflush(stdout);
	}
	return 0;
}
