// hostile: two children write into shared anonymous memory
// expect: race-shared
// with: forward backward
#include "sides.h"

static char *mapping;

static void first(void)
{
	first_write(mapping + PAGE + 64);
}
static void second(void)
{
	second_write(mapping + PAGE + 64);
}
int main(int count, char **arguments)
{
	mapping = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(mapping != MAP_FAILED);
	run_processes(is_backward(count, arguments), first, second);
	return 0;
}
