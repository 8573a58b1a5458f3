// hostile: the session's name is inherited through a program without the detector, statically linked, that starts the next one
// expect: race-shared
// run: echo 'int execv(); int main(int n, char **a) { execv(a[1], a + 1); return 98; }' | gcc -w -static -x c - -o static
#include "sides.h"

int main(int count, char **arguments)
{
	int fd = make_file("file", PAGE), status;
	char *mapping = map_shared(fd, 0, PAGE);
	if (count > 1) {
		first_write(mapping + 64);
		return 7;
	}
	pid_t child = fork();
	if (child == 0) {
		execl("./static", "./static", arguments[0], "child", NULL);
		_exit(99);
	}
	second_write(mapping + 64);
	MUST(waitpid(child, &status, 0) == child);
	printf("%d\n", WEXITSTATUS(status));
	return 0;
}
