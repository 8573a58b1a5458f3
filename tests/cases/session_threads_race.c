// A process's locks of a file order none of its threads, also where other processes would hear of them.
#define _GNU_SOURCE
#include <sys/mman.h>
#include "lock_files.h"

static void steps(void)
{
	HANDS((PROCESS(ONE, F_WRLCK, 0, 0), PROCESS(ONE, F_UNLCK, 0, 0)),
		PROCESS(OTHER, F_WRLCK, 0, 0));                                 // race: race-data
	HANDS((WHOLE(ONE, LOCK_EX), WHOLE(ONE, LOCK_UN)), WHOLE(ONE, LOCK_EX)); // race: race-data
	HANDS((OPEN_FILE(ONE, F_WRLCK, 0, 8), OPEN_FILE(ONE, F_UNLCK, 0, 8)),
		OPEN_FILE(OTHER, F_WRLCK, 8, 8)); // race: race-data
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
