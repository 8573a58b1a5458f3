// hostile: a shared mapping is not to be inherited (MADV_DONTFORK), and a child puts private memory in its place
// with: forward backward
#include "sides.h"

static char *mapping;

static void first(void)
{
	MUST(mmap(mapping, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
		mapping);
	first_write(mapping + 64);
}
static void second(void)
{
	MUST(mmap(mapping, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
		     -1, 0) == mapping);
	second_write(mapping + 64);
}
int main(int count, char **arguments)
{
	mapping = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(mapping != MAP_FAILED && madvise(mapping, PAGE, MADV_DONTFORK) == 0);
	racetrack_write(mapping + 64, 8);
	run_processes(is_backward(count, arguments), first, second);
	racetrack_write(mapping + 64, 8);
	return 0;
}
