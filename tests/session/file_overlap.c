// hostile: maps parts of one file that overlap, shifted by a page: one byte at two addresses
// expect: race-alias
// with: forward backward
#include "sides.h"

static char *whole, *part;

static void first(void)
{
	first_write(whole + 2 * PAGE + 96);
}
static void second(void)
{
	second_write(part + PAGE + 96);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", 4 * PAGE);
	whole = map_shared(fd, 0, 3 * PAGE);
	part = map_shared(fd, PAGE, 3 * PAGE);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
