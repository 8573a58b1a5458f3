// hostile: maps a file privately beside a shared mapping, and writes: that is a copy
// with: forward backward
#include "sides.h"

static char *shared, *private;

static void first(void)
{
	first_write(shared + 64);
}
static void second(void)
{
	second_write(private + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", PAGE);
	shared = map_shared(fd, 0, PAGE);
	private = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	MUST(private != MAP_FAILED);
	memset(private, 1, PAGE);
	run_threads(is_backward(count, arguments), first, second);
	printf("%d %d\n", shared[64], private[64]);
	return 0;
}
