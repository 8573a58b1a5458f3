/* Two threads have a mapping each, one after the other, at the same address: the kernel gave the range of the first to
 * the second. Row R7, and its opposite: it is one piece of memory that both write into.
 */
/* expect: race-data */
#include "../shared.h"

enum { BYTES = 4096 };

static char *const address = (char *)0x10000000000; /* where nothing is */
static int memory;

static char *map_again(void)
{
	int fd = memory;
	char *at = mmap(address, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);
	must(at != address);
	return at;
}

static void *first(void *unused)
{
	char *at = map_again();
	// racetrack: race-data a
	snprintf(at, BYTES, "first at %p", (void *)at);
	munmap(at, BYTES);
	day_reached(1);
	return unused;
}

static void *second(void *unused)
{
	day_wait(1);
	char *at = map_again();
	// racetrack: race-data b
	snprintf(at, BYTES, "second at %p", (void *)at);
	printf("%s\n", at);
	munmap(at, BYTES);
	return unused;
}

int main(void)
{
	memory = make_memory(BYTES);
	run_both(first, second, NULL, NULL);
	return 0;
}
