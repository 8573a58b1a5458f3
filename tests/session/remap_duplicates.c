// hostile: makes a second mapping of shared anonymous memory by mremap with an old size of 0
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
	one = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	other = mremap(one, 0, PAGE, MREMAP_MAYMOVE);
	MUST(one != MAP_FAILED && other != MAP_FAILED && one != other);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
