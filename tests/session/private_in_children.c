// hostile: two children write into a private mapping that they inherited: each into its own copy
// with: forward backward
#include "sides.h"

static char *private;

static void first(void)
{
	first_write(private + 64);
}
static void second(void)
{
	second_write(private + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", PAGE);
	map_shared(fd, 0, PAGE);
	private = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	MUST(private != MAP_FAILED);
	run_processes(is_backward(count, arguments), first, second);
	return 0;
}
