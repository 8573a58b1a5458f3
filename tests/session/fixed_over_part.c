// hostile: maps another file over the middle page of a mapping: the middle is another byte, what is beside it is not
// expect: race-alias
// with: forward backward
#include "sides.h"

static char *patched, *whole;

static void first(void)
{
	first_write(patched + PAGE + 64);
	first_write(patched + 2 * PAGE + 64);
}
static void second(void)
{
	second_write(whole + PAGE + 64);
	second_write(whole + 2 * PAGE + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", 3 * PAGE), patch = make_file("patch", 3 * PAGE);
	whole = map_shared(fd, 0, 3 * PAGE);
	patched = map_shared(fd, 0, 3 * PAGE);
	MUST(mmap(patched + PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, patch, PAGE) !=
		MAP_FAILED);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
