// Locks of one open file, or of one process, never wait for each other: they order nothing. Neither do locks of other bytes, of
// other files or of another kind, what was not got, and what was not given up.
#define _GNU_SOURCE
#include "lock_files.h"

#define FAILS(call) MUST((call) == -1 && (errno == EAGAIN || errno == EACCES))

static int copies[STEPS_MOST]; /* of the first opening */

static int try_to_write(int fd)
{
	return range_lock(fd, F_OFD_SETLK, F_WRLCK, SEEK_SET, 0, 8);
}

static void steps(void)
{
	HANDS((EXCLUSIVE(ONE), UNLOCKED(ONE)), EXCLUSIVE(ONE));                         // race: race-data
	HANDS((EXCLUSIVE(ONE), UNLOCKED(ONE)), EXCLUSIVE(copies[__LINE__]));            // race: race-data
	HANDS((SHARED(ONE), UNLOCKED(ONE)), SHARED(OTHER));                             // race: race-data
	HANDS(SHARED(ONE), SHARED(OTHER));                                              // race: race-data
	HANDS(EXCLUSIVE(ONE), FAILS(flock(OTHER, LOCK_EX | LOCK_NB)));                  // race: race-data
	HANDS((EXCLUSIVE(ONE), UNLOCKED(ONE)), WRITE(OTHER, 0, 0));                     // race: race-data
	HANDS((WRITE(ONE, 0, 0), GIVE(ONE, 0, 0)), EXCLUSIVE(OTHER));                   // race: race-data
	HANDS((WRITE(ONE, 0, 0), GIVE(ONE, 0, 0)), WRITE(ONE, 0, 0));                   // race: race-data
	HANDS((WRITE(ONE, 0, 8), GIVE(ONE, 0, 8)), WRITE(OTHER, 8, 8));                 // race: race-data
	HANDS((WRITE(ONE, 0, 8), GIVE(ONE, 0, 4)), READ(OTHER, 9, 0));                  // race: race-data
	HANDS((WRITE(ONE, 0, 8), GIVE(ONE, 0, 4)), FAILS(try_to_write(OTHER)));         // race: race-data
	HANDS((READ(ONE, 0, 8), GIVE(ONE, 0, 4)), READ(OTHER, 0, 8));                   // race: race-data
	HANDS((P_WRITE(ONE, 0, 0), P_GIVE(ONE, 0, 0)), P_WRITE(OTHER, 0, 0));           // race: race-data
	HANDS((P_WRITE(ONE, 0, 0), P_GIVE(ONE, 0, 0)), MUST(!lockf(OTHER, F_LOCK, 0))); // race: race-data
	HANDS((MUST(!lockf(ONE, F_LOCK, 0)), P_GIVE(ONE, 0, 0)), P_READ(OTHER, 0, 0));  // race: race-data
	HANDS(MUST(!lockf(ONE, F_TEST, 0)), MUST(!lockf(OTHER, F_LOCK, 0)));            // race: race-data
	HANDS(UNLOCKED(ONE), EXCLUSIVE(lock_files[90][0]));                             // race: race-data
}

int main(void)
{
	lock_files_open(100);
	for (int i = 0; i < 100; i++)
		copies[i] = dup(lock_files[i][0]);
	steps_run();
	return 0;
}
