// hostile: a mapping that is used often goes, private memory takes its place: what races there, races there alone
// expect: race-data
// with: forward backward
#include "sides.h"

enum { OFTEN = 2000 };

static char *there, *again;

static void first(void)
{
	first_write(there + 64);
}
static void second(void)
{
	second_write(again + 64);
	second_write(there + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", 2 * PAGE);
	there = map_shared(fd, 0, 2 * PAGE);
	again = map_shared(fd, 0, 2 * PAGE);
	for (int i = 0; i < OFTEN; i++)
		racetrack_write(there, 8);
	MUST(munmap(there, 2 * PAGE) == 0);
	MUST(mmap(there, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
		     -1, 0) == there);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
