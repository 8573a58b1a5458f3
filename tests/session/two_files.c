// hostile: maps two files at one offset, and two memfds of one name
// with: forward backward
#include "sides.h"

static char *maps[4];

static void first(void)
{
	first_write(maps[0] + 64);
	first_write(maps[2] + 64);
}
static void second(void)
{
	second_write(maps[1] + 64);
	second_write(maps[3] + 64);
}
int main(int count, char **arguments)
{
	int fds[4] = {make_file("one", PAGE), make_file("other", PAGE), memfd_create("name", 0),
		memfd_create("name", 0)};
	for (int i = 0; i < 4; i++) {
		MUST(ftruncate(fds[i], PAGE) == 0);
		maps[i] = map_shared(fds[i], 0, PAGE);
	}
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
