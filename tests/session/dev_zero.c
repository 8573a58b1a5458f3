// hostile: maps /dev/zero twice, which is shared memory, and not the same
// with: forward backward
#include "sides.h"

static char *one, *other;

static void first(void)
{
	first_write(one + 64);
}
static void second(void)
{
	second_write(other + 64);
}
int main(int count, char **arguments)
{
	int fd = open("/dev/zero", O_RDWR);
	one = map_shared(fd, 0, PAGE);
	other = map_shared(fd, 0, PAGE);
	run_threads(is_backward(count, arguments), first, second);
	run_processes(is_backward(count, arguments), first, second);
	return 0;
}
