// hostile: somebody removes the session's file while its processes run: those that are in it go on, one that comes makes its own
// hostile: or does without
// expect: race-shared
#include <glob.h>
#include <stdlib.h>
#include "sides.h"

static char *mapping;

static void first(void)
{
	first_write(mapping);
}
static void second(void)
{
	second_write(mapping);
}
static void remove_session(void)
{
	const char *name = getenv("RACETRACK_SESSION");
	char path[256];
	snprintf(path, sizeof path, "/dev/shm/racetrack-%s", name ? name : "none");
	unlink(path);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", PAGE), status;
	mapping = map_shared(fd, 0, PAGE);
	if (count > 1) {
		mapping[100] = 1;
		return 7;
	}
	pid_t child = fork();
	if (child == 0) {
		remove_session();
		execl(arguments[0], arguments[0], "late", NULL);
		_exit(99);
	}
	MUST(waitpid(child, &status, 0) == child);
	printf("%d\n", WEXITSTATUS(status));
	run_processes(0, first, second);
	return 0;
}
