// hostile: maps a sparse file that is larger than the machine's memory, as databases do, and uses a little of it
// expect: race-alias
// with: forward backward
#include "sides.h"

#define BYTES (1ul << 37)

static char *one, *other;

static void first(void)
{
	first_write(one + BYTES - 64);
}
static void second(void)
{
	second_write(other + BYTES / 2 - 64);
}
int main(int count, char **arguments)
{
	int fd = memfd_create("vast", 0);
	MUST(ftruncate(fd, BYTES) == 0);
	one = map_shared(fd, 0, BYTES);
	other = map_shared(fd, BYTES / 2, BYTES / 2);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
