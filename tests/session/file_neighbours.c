// hostile: maps parts of one file that overlap, and uses neighbouring bytes, and the same place in each mapping
// with: forward backward
#include "sides.h"

static char *whole, *part;

static void first(void)
{
	for (int i = 0; i < PAGE; i += 16)
		first_write(whole + PAGE + i);
	first_write(whole + 96);
}
static void second(void)
{
	for (int i = 8; i < PAGE; i += 16)
		second_write(part + i);
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
