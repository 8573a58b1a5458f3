// hostile: closes every descriptor in every way, dup2s onto many numbers, opens up to the limit, then races
// expect: race-data
// run: ulimit -n 1024
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "pair.h"
static char text[8];
static void first(void)
{
	strcpy(text, "one");
}
static void second(void)
{
	strcpy(text, "two");
}
int main(void)
{
	for (int fd = 3; fd < 5000; fd++)
		close(fd);
	closefrom(3);
	close_range(3, ~0u, 0);
	printf("open %d\n", open("/dev/null", O_RDONLY));
	for (int fd = 4; fd < 1024; fd++)
		if (dup2(1, fd) != fd)
			printf("dup2 %d %s\n", fd, strerror(errno));
	for (int fd = 4; fd < 1024; fd++)
		if (close(fd))
			printf("close %d %s\n", fd, strerror(errno));
	for (int fd = 4; fd < 1024; fd++)
		syscall(SYS_close, fd);
	syscall(SYS_close_range, 3, ~0u, 0);
	int last = 0, fd;
	while ((fd = open("/dev/null", O_RDONLY)) >= 0)
		last = fd;
	printf("last %d %s\n", last, strerror(errno));
	pair_run(first, second);
	return 0;
}
