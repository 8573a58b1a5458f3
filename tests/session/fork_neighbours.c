// hostile: children write into neighbouring bytes of shared memory, and the parent reads after them
// with: forward backward
#include "sides.h"

static char *mapping;

static void first(void)
{
	for (int i = 0; i < PAGE; i += 16)
		first_write(mapping + i);
}
static void second(void)
{
	for (int i = 8; i < PAGE; i += 16)
		second_write(mapping + i);
}
int main(int count, char **arguments)
{
	mapping = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(mapping != MAP_FAILED);
	racetrack_write(mapping, PAGE);
	run_processes(is_backward(count, arguments), first, second);
	racetrack_write(mapping, PAGE);
	run_processes(is_backward(count, arguments), first, second);
	racetrack_read(mapping, PAGE);
	return 0;
}
