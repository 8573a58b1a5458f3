// hostile: opens one inode by two names, a link and a link's link
// expect: race-alias
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
	int fd = make_file("file", PAGE);
	MUST(link("file", "linked") == 0 && symlink("linked", "pointer") == 0);
	int again = open("pointer", O_RDWR);
	one = map_shared(fd, 0, PAGE);
	MUST(unlink("file") == 0);
	other = map_shared(again, 0, PAGE);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
