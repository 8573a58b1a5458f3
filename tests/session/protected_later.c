// hostile: maps a file without any rights, and for reading only, and allows writing later
// expect: race-alias
// with: forward backward
#include "sides.h"

static char *one, *other;

static void first(void)
{
	first_write(one + 64);
}
static void second(void)
{
	second_write(other + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", PAGE);
	one = mmap(NULL, PAGE, PROT_NONE, MAP_SHARED, fd, 0);
	other = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	MUST(one != MAP_FAILED && other != MAP_FAILED);
	MUST(mprotect(one, PAGE, PROT_READ | PROT_WRITE) == 0 &&
		mprotect(other, PAGE, PROT_READ | PROT_WRITE) == 0);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
