// hostile: becomes another user and starts a program, which cannot join the session
// says: memory that processes share is not followed from one to another:
// needs: test $(id -u) = 0
#include <grp.h>
#include "sides.h"

int main(int count, char **arguments)
{
	int fd = open("file", O_RDWR | O_CREAT, 0666), status;
	MUST(fchmod(fd, 0666) == 0 && ftruncate(fd, PAGE) == 0);
	char *mapping = map_shared(fd, 0, PAGE);
	first_write(mapping);
	if (count > 1) {
		mapping[0] = 1;
		return 7;
	}
	pid_t child = fork();
	if (child == 0) {
		MUST(setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
		mapping[1] = 1;
		execl(arguments[0], arguments[0], "late", NULL);
		_exit(99);
	}
	MUST(waitpid(child, &status, 0) == child);
	printf("%d\n", WEXITSTATUS(status));
	return 0;
}
