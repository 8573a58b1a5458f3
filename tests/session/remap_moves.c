// hostile: moves a mapping to a fixed place, part of it, and puts private memory where it was
// expect: race-alias
// with: forward backward
#include "sides.h"

static char *left, *moved, *whole;

static void first(void)
{
	first_write(left + 64);
	first_write(moved + 64);
}
static void second(void)
{
	second_write(whole + PAGE + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", 2 * PAGE);
	char *there = (char *)0x10000000000;
	whole = map_shared(fd, 0, 2 * PAGE);
	left = map_shared(fd, 0, 2 * PAGE) + PAGE;
	moved = mremap(left, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, there);
	MUST(moved == there);
	MUST(mmap(left, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		left);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
