// hostile: two children inherit a mapping of /dev/zero
// expect: race-shared
// with: forward backward
#include "sides.h"

static char *mapping;

static void first(void)
{
	first_write(mapping + 64);
}
static void second(void)
{
	second_write(mapping + 64);
}
int main(int count, char **arguments)
{
	mapping = map_shared(open("/dev/zero", O_RDWR), 0, PAGE);
	run_processes(is_backward(count, arguments), first, second);
	return 0;
}
