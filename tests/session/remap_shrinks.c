// hostile: shrinks a mapping by mremap, and puts private memory where its end was
// expect: race-alias
// with: forward backward
#include "sides.h"

static char *mapping, *whole;

static void first(void)
{
	first_write(mapping + PAGE); /* private by now */
	first_write(mapping + PAGE - 8);
}
static void second(void)
{
	second_write(whole + PAGE);
	second_write(whole + PAGE - 8);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", 2 * PAGE);
	whole = map_shared(fd, 0, 2 * PAGE);
	mapping = map_shared(fd, 0, 2 * PAGE);
	MUST(mremap(mapping, 2 * PAGE, PAGE, 0) == mapping);
	MUST(mmap(mapping + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		     0) != MAP_FAILED);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
