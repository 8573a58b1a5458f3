// hostile: two programs that are started in different ways write into one file's memory: each by its own mapping
// expect: race-shared
// with: spawn vfork shell
#include <spawn.h>
#include "sides.h"

extern char **environ;

static void start(const char *way, char *program, char *part)
{
	char *arguments[] = {program, "part", part, NULL}, command[512];
	int status;
	pid_t child;
	if (!strcmp(way, "spawn")) {
		MUST(posix_spawn(&child, program, NULL, NULL, arguments, environ) == 0);
	} else if (!strcmp(way, "vfork")) {
		child = vfork();
		if (child == 0) {
			execve(program, arguments, environ);
			_exit(99);
		}
	} else {
		snprintf(command, sizeof command, "'%s' part %s &", program, part);
		MUST(system(command) == 0);
	}
}
int main(int count, char **arguments)
{
	/* The gate is in the file, too: used by the kernel only. */
	int fd = make_file("file", 2 * PAGE);
	char *mapping = map_shared(fd, 0, 2 * PAGE);
	struct gate *gate = (struct gate *)(mapping + PAGE);
	if (count == 3) {
		int number = atoi(arguments[2]);
		gate_wait(gate, number);
		number == 1 ? first_write(mapping) : second_write(mapping);
		gate_open(gate, number + 1);
		return 0;
	}
	start(arguments[1], arguments[0], "1");
	start(arguments[1], arguments[0], "2");
	gate_open(gate, 1);
	gate_wait(gate, 3);
	while (waitpid(-1, NULL, 0) > 0)
		;
	return 0;
}
