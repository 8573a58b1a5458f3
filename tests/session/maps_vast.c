// hostile: maps sparse files of terabytes, as databases do, and uses a little of them
// expect: race-alias
// with: forward backward
#include "sides.h"

#define TIB (1ul << 40)

static char *one, *other;

static void first(void)
{
	first_write(one + TIB - 64);
}
static void second(void)
{
	second_write(other + TIB / 2 - 64);
}
int main(int count, char **arguments)
{
	int fd = memfd_create("vast", 0);
	MUST(ftruncate(fd, TIB) == 0);
	one = map_shared(fd, 0, TIB);
	other = map_shared(fd, TIB / 2, TIB / 2);
	int more = memfd_create("more", 0);
	MUST(ftruncate(more, 7 * TIB) == 0);
	char *at = map_shared(more, 0, 7 * TIB);
	racetrack_write(at, 8);
	racetrack_write(at + 7 * TIB - 8, 8);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
