// hostile: grows a mapping by mremap, which moves it, and uses the part that is new
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
	char *room = mmap(NULL, 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *small = mmap(room, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	whole = map_shared(fd, 0, 4 * PAGE);
	grown = mremap(small, PAGE, 4 * PAGE, MREMAP_MAYMOVE);
	MUST(small == room && grown != MAP_FAILED && grown != small);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
