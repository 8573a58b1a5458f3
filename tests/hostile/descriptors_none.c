// hostile: starts without stdin and stdout, and with a limit of 3 descriptors
// run: exec <&- >&-; ulimit -n 3
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
	int a = open("/dev/null", O_RDONLY), b = open("/dev/null", O_WRONLY), c = open("/dev/null", O_WRONLY);
	return 10 * (a + 1) + (b + 1) + (c < 0 ? 100 : 0);
}
