// hostile: the same byte by two mappings, each of them used so often that the linear shadow shows the session's cells
// expect: race-alias
// with: forward backward
#include "sides.h"

enum { OFTEN = 2000 };

static char *one, *other;

static void first(void)
{
	for (int i = 0; i < OFTEN; i++)
		racetrack_read(one, 8);
	first_write(one + 64);
}
static void second(void)
{
	for (int i = 0; i < OFTEN; i++)
		racetrack_read(other, 8);
	second_write(other + PAGE + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", 2 * PAGE);
	one = map_shared(fd, PAGE, PAGE);
	other = map_shared(fd, 0, 2 * PAGE);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
