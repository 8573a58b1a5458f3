// hostile: maps a file in eight parts of a page, in the wrong order, beside the whole: a large write meets the small ones
// expect: race-alias
// with: forward backward
#include "sides.h"

static char *whole, *parts[8];

static void first(void)
{
	racetrack_write(whole + 100, 8 * PAGE - 200);
	__asm__ volatile("" ::: "memory");
}
static void second(void)
{
	for (int i = 0; i < 8; i++)
		racetrack_write(parts[i] + 1000, 3);
	__asm__ volatile("" ::: "memory");
}
int main(int count, char **arguments)
{
	int fd = make_file("file", 8 * PAGE);
	whole = map_shared(fd, 0, 8 * PAGE);
	for (int i = 7; i >= 0; i -= 2)
		parts[i] = map_shared(fd, i * PAGE, PAGE);
	for (int i = 0; i < 8; i += 2)
		parts[i] = map_shared(fd, i * PAGE, PAGE);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
