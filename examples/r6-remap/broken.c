/* A journal in a mapped file, which grows: its mapping moves, as there is no room where it is. Row R6: another thread
 * still reads it where it was.
 */
/* expect: race-unmap */
#include <string.h>

#include "../shared.h"

enum { BYTES = 4096 };

static char *journal;

static void *show(void *unused)
{
	char line[64];
	// racetrack: race-unmap a
	printf("%s\n", strcpy(line, journal));
	day_reached(1);
	return unused;
}

static void *grow(void *unused)
{
	day_wait(1);
	// racetrack: race-unmap b
	char *grown = mremap(journal, BYTES, 4 * BYTES, MREMAP_MAYMOVE);
	must(grown == MAP_FAILED || grown == journal);
	printf("moved from %p to %p\n", (void *)journal, (void *)grown);
	return unused;
}

int main(void)
{
	/* What lies behind it, so that it has to move. */
	char *room = mmap(NULL, 2 * BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = make_memory(4 * BYTES);
	journal = mmap(room, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0);
	must(room == MAP_FAILED || journal == MAP_FAILED);
	snprintf(journal, BYTES, "opened by %d", getpid());
	run_both(show, grow, NULL, NULL);
	return 0;
}
