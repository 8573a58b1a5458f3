// hostile: children of two rounds write the same byte; the parent waits for one round before it starts the next
// with: forward backward
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
	for (int round = 0; round < 50; round++)
		run_processes(is_backward(count, arguments), first, second);
	return 0;
}
