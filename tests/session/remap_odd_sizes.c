// hostile: mappings of sizes that are no whole pages shrink and grow by mremap, after the linear shadow showed the session's cells
// expect: race-alias
// with: forward backward
#include "sides.h"

enum { OFTEN = 2000 };

static char *one, *other;

static void first(void)
{
	for (int i = 0; i < OFTEN; i++)
		racetrack_read(one, 8);
	MUST(mremap(one, 2 * PAGE, 100, 0) == one);
	first_write(one + 200);
	one = mremap(one, 100, PAGE + 10, MREMAP_MAYMOVE);
	MUST(one != MAP_FAILED);
	first_write(one + PAGE + 64);
	MUST(munmap(one, PAGE + 10) == 0);
	char *fresh = mmap(one, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MUST(fresh != MAP_FAILED);
	for (int i = 0; i < OFTEN; i++)
		racetrack_write(fresh + i, 3);
}
static void second(void)
{
	second_write(other + 200);
	second_write(other + PAGE + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", 2 * PAGE);
	one = map_shared(fd, 0, 2 * PAGE);
	other = map_shared(fd, 0, 2 * PAGE);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
