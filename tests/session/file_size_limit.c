// hostile: files may not be large (ulimit -f)
// run: ulimit -f 1000
#include "sides.h"

static char *mapping;

static void first(void)
{
	first_write(mapping);
}
static void second(void)
{
	second_write(mapping + 8);
}
int main(int count, char **arguments)
{
	mapping = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(mapping != MAP_FAILED);
	run_processes(0, first, second);
	return 0;
}
