// hostile: a side maps, writes and unmaps before the other one maps the same: what was written is not forgotten
// expect: race-alias
// with: forward backward
#include "sides.h"

static int fd;

static void first(void)
{
	char *at = (char *)0x10000000000;
	MUST(mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0) == at);
	first_write(at + 64);
	MUST(munmap(at, PAGE) == 0);
}
static void second(void)
{
	char *at = (char *)0x18000000000;
	MUST(mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0) == at);
	second_write(at + 64);
	MUST(munmap(at, PAGE) == 0);
}
int main(int count, char **arguments)
{
	fd = make_file("file", PAGE);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
