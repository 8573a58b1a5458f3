// Locks of one open file, or of one process, never wait for each other: they order nothing. Neither do locks of other bytes, of
// other files or of another kind, what was not got, and what was not given up.
#define _GNU_SOURCE
#include "lock_files.h"

#define FAILS(call)                   MUST((call) == -1 && (errno == EAGAIN || errno == EACCES))
#define TRIES(fd, type, first, bytes) FAILS(range_lock(fd, F_OFD_SETLK, type, SEEK_SET, first, bytes))

static int first_copy[STEPS_MOST];

static void steps(void)
{
	HANDS((WHOLE(ONE, LOCK_EX), WHOLE(ONE, LOCK_UN)), WHOLE(ONE, LOCK_EX)); // race: race-data
	HANDS((WHOLE(ONE, LOCK_EX), WHOLE(ONE, LOCK_UN)),
		WHOLE(first_copy[__LINE__], LOCK_EX));                                      // race: race-data
	HANDS((WHOLE(ONE, LOCK_SH), WHOLE(ONE, LOCK_UN)), WHOLE(OTHER, LOCK_SH));           // race: race-data
	HANDS(WHOLE(ONE, LOCK_SH), WHOLE(OTHER, LOCK_SH));                                  // race: race-data
	HANDS(WHOLE(ONE, LOCK_EX), FAILS(flock(OTHER, LOCK_EX | LOCK_NB)));                 // race: race-data
	HANDS((WHOLE(ONE, LOCK_EX), WHOLE(ONE, LOCK_UN)), OPEN_FILE(OTHER, F_WRLCK, 0, 0)); // race: race-data
	HANDS((OPEN_FILE(ONE, F_WRLCK, 0, 0), OPEN_FILE(ONE, F_UNLCK, 0, 0)),
		WHOLE(OTHER, LOCK_EX)); // race: race-data
	HANDS((OPEN_FILE(ONE, F_WRLCK, 0, 0), OPEN_FILE(ONE, F_UNLCK, 0, 0)),
		OPEN_FILE(ONE, F_WRLCK, 0, 0)); // race: race-data
	HANDS((OPEN_FILE(ONE, F_WRLCK, 0, 8), OPEN_FILE(ONE, F_UNLCK, 0, 8)),
		OPEN_FILE(OTHER, F_WRLCK, 8, 8)); // race: race-data
	HANDS((OPEN_FILE(ONE, F_WRLCK, 0, 8), OPEN_FILE(ONE, F_UNLCK, 0, 4)),
		OPEN_FILE(OTHER, F_RDLCK, 9, 0)); // race: race-data
	HANDS((OPEN_FILE(ONE, F_WRLCK, 0, 8), OPEN_FILE(ONE, F_UNLCK, 0, 4)),
		TRIES(OTHER, F_WRLCK, 0, 8)); // race: race-data
	HANDS((OPEN_FILE(ONE, F_RDLCK, 0, 8), OPEN_FILE(ONE, F_UNLCK, 0, 4)),
		OPEN_FILE(OTHER, F_RDLCK, 0, 8)); // race: race-data
	HANDS((PROCESS(ONE, F_WRLCK, 0, 0), PROCESS(ONE, F_UNLCK, 0, 0)),
		PROCESS(OTHER, F_WRLCK, 0, 0)); // race: race-data
	HANDS((PROCESS(ONE, F_WRLCK, 0, 0), PROCESS(ONE, F_UNLCK, 0, 0)),
		MUST(!lockf(OTHER, F_LOCK, 0))); // race: race-data
	HANDS((MUST(!lockf(ONE, F_LOCK, 0)), MUST(!lockf(ONE, F_ULOCK, 0))),
		PROCESS(OTHER, F_RDLCK, 0, 0));                              // race: race-data
	HANDS(MUST(!lockf(ONE, F_TEST, 0)), MUST(!lockf(OTHER, F_LOCK, 0))); // race: race-data
	HANDS(WHOLE(ONE, LOCK_UN), WHOLE(lock_files[90][0], LOCK_EX));       // race: race-data
}

int main(void)
{
	lock_files_open(100);
	for (int i = 0; i < 100; i++)
		first_copy[i] = dup(lock_files[i][0]);
	steps_run();
	return 0;
}
