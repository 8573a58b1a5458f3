// hostile: a limit of 64 descriptors: the numbers that open gives must not change
// run: ulimit -n 64
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
	int fd;
	while ((fd = open("/dev/null", O_RDONLY)) >= 0)
		printf("%d\n", fd);
	return 0;
}
