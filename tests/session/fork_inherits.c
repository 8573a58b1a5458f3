// hostile: two children use shared memory that was mapped before they were, one of them through a mapping of its own
// expect: race-shared
// with: forward backward
#include "sides.h"

static char *mapping;
static int fd;

static void first(void)
{
	first_write(mapping + 64);
}
static void second(void)
{
	second_write(map_shared(fd, 0, PAGE) + 64);
}
int main(int count, char **arguments)
{
	fd = memfd_create("memory", 0);
	MUST(ftruncate(fd, PAGE) == 0);
	mapping = map_shared(fd, 0, PAGE);
	run_processes(is_backward(count, arguments), first, second);
	return 0;
}
