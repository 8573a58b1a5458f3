// hostile: lists its descriptors, probes their numbers by fcntl, and counts how many it may open
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
static void list(const char *who)
{
	DIR *folder = opendir("/proc/self/fd");
	int count = 0, probed = 0, opened = 0;
	while (readdir(folder))
		count++;
	closedir(folder);
	for (int fd = 0; fd < 1024; fd++)
		probed += fcntl(fd, F_GETFD) >= 0;
	while (dup(0) >= 0)
		opened++;
	printf("%s %d %d %d\n", who, count, probed, opened);
	closefrom(3);
	fflush(stdout);
}
int main(void)
{
	list("parent");
	if (!fork()) {
		list("child");
		_exit(0);
	}
	wait(NULL);
	return 0;
}
