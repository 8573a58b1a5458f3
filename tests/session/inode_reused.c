// hostile: removes a file that was mapped; one that is made later has its inode's number, and is another one
// with: forward backward
#include "sides.h"

static void use_new_file(void (*write_)(char *))
{
	int fd = make_file("file", PAGE);
	char *at = map_shared(fd, 0, PAGE);
	write_(at + 64);
	MUST(munmap(at, PAGE) == 0 && close(fd) == 0 && unlink("file") == 0);
}
static void first(void)
{
	for (int i = 0; i < 20; i++)
		use_new_file(first_write);
}
static void second(void)
{
	for (int i = 0; i < 20; i++)
		use_new_file(second_write);
}
int main(int count, char **arguments)
{
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
