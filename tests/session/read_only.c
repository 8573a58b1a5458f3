// hostile: a side reads through a mapping that may only be read, the other one writes through another
// expect: race-alias
// with: forward backward
#include "sides.h"

static char *writable;
static const char *readable;

static void first(void)
{
	racetrack_read(readable + 64, 8);
	__asm__ volatile("" ::: "memory");
}
static void second(void)
{
	second_write(writable + 64);
}
int main(int count, char **arguments)
{
	int fd = make_file("file", PAGE), read_only = open("file", O_RDONLY);
	writable = map_shared(fd, 0, PAGE);
	readable = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, read_only, 0);
	MUST(readable != MAP_FAILED);
	run_threads(is_backward(count, arguments), first, second);
	return 0;
}
