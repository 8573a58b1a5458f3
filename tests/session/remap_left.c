// hostile: moves a mapping, and private memory comes to where it was: that is no longer the file's byte
// with: forward backward
#include "sides.h"

static char *left, *whole;

static void first(void)
{
	first_write(left + 64);
}
static void second(void)
{
	second_write(whole + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", PAGE);
	whole = map_shared(fd, 0, PAGE);
	left = map_shared(fd, 0, PAGE);
	MUST(mremap(left, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (char *)0x10000000000) != MAP_FAILED);
	MUST(mmap(left, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		left);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
