// hostile: maps the first page of a file over the second one of a mapping of it: one mapping, one byte twice
// expect: race-alias
// with: forward backward
#include "sides.h"

static char *mapping;

static void first(void)
{
	first_write(mapping + 64);
}
static void second(void)
{
	second_write(mapping + PAGE + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", 2 * PAGE);
	mapping = map_shared(fd, 0, 2 * PAGE);
	MUST(mmap(mapping + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) != MAP_FAILED);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
