// hostile: little address space is allowed, while children share memory
// run: ulimit -v 4000000
#include "sides.h"

static char *mapping;

static void first(void)
{
	memset(mapping, 1, PAGE);
}
static void second(void)
{
	memset(mapping + PAGE, 2, PAGE);
}
int main(int count, char **arguments)
{
	mapping = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(mapping != MAP_FAILED);
	run_processes(0, first, second);
	printf("%d %d\n", mapping[0], mapping[PAGE]);
	return 0;
}
