// hostile: two sessions at once: the children of one program are sent off without their session's name, and share a file with it
// expect: race-shared
#include "sides.h"

static char *mapping;

static void first(void)
{
	first_write(mapping + 64);
}
static void second(void)
{
	second_write(mapping + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", PAGE), status;
	mapping = map_shared(fd, 0, PAGE);
	if (count > 1) {
		run_processes(0, first, second);
		return 7;
	}
	pid_t child = fork();
	if (child == 0) {
		unsetenv("RACETRACK_SESSION");
		execl(arguments[0], arguments[0], "other", NULL);
		_exit(99);
	}
	/* Sees nothing of the other session, and is not seen there. */
	racetrack_write(mapping + 128, 8);
	MUST(waitpid(child, &status, 0) == child);
	printf("%d\n", WEXITSTATUS(status));
	return 0;
}
