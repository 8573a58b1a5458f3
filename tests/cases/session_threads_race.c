// A process's locks of a file order none of its threads, also where other processes would hear of them.
#define _GNU_SOURCE
#include <sys/mman.h>
#include "lock_files.h"

static void steps(void)
{
	HANDS((P_WRITE(ONE, 0, 0), P_GIVE(ONE, 0, 0)), P_WRITE(OTHER, 0, 0)); // race: race-data
	HANDS((EXCLUSIVE(ONE), UNLOCKED(ONE)), EXCLUSIVE(ONE));               // race: race-data
	HANDS((WRITE(ONE, 0, 8), GIVE(ONE, 0, 8)), WRITE(OTHER, 8, 8));       // race: race-data
}

int main(void)
{
	char *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(shared != MAP_FAILED);
	racetrack_write(shared, 1);
	lock_files_open(100);
	steps_run();
	return 0;
}
