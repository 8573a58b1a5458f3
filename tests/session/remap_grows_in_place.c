// hostile: grows a mapping by mremap where it is, and uses the part that is new
// expect: race-alias
// with: forward backward
#include "sides.h"

static char *grown, *whole;

static void first(void)
{
	first_write(grown + 3 * PAGE);
}
static void second(void)
{
	second_write(whole + 3 * PAGE);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", 4 * PAGE);
	char *room = (char *)0x10000000000;
	whole = map_shared(fd, 0, 4 * PAGE);
	MUST(mmap(room, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0) == room);
	grown = mremap(room, PAGE, 4 * PAGE, 0);
	MUST(grown == room);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
