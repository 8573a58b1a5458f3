// Who gets a lock of a file comes after who gave up one that excludes it, in whatever way.
#define _GNU_SOURCE
#include "lock_files.h"

/* Held by the first thread: the line's only lock. */
#define HELD(lock, leave, enter) HANDS((lock, leave), enter)

static int copy_of(int fd)
{
	int copy = dup(fd);
	MUST(copy >= 0);
	return copy;
}

static int lock_from_end(int fd)
{
	return range_lock(fd, F_OFD_SETLK, F_WRLCK, SEEK_END, -1, 1);
}

static int give_from_here(int fd)
{
	return range_lock(fd, F_OFD_SETLK, F_UNLCK, SEEK_CUR, 0, 0);
}

static void steps(void)
{
	HELD(EXCLUSIVE(ONE), UNLOCKED(ONE), EXCLUSIVE(OTHER));
	HELD(EXCLUSIVE(ONE), UNLOCKED(ONE), SHARED(OTHER));
	HELD(SHARED(ONE), UNLOCKED(ONE), MUST(!flock(OTHER, LOCK_EX | LOCK_NB)));
	HELD(EXCLUSIVE(ONE), SHARED(ONE), SHARED(OTHER));
	HELD(EXCLUSIVE(ONE), lock_file_close(ONE), EXCLUSIVE(OTHER));
	HELD(EXCLUSIVE(ONE), MUST(dup2(1, ONE) == ONE), EXCLUSIVE(OTHER));
	HELD(EXCLUSIVE(ONE), UNLOCKED(copy_of(ONE)), EXCLUSIVE(OTHER));
	HELD(EXCLUSIVE(copy_of(ONE)), UNLOCKED(ONE), SHARED(OTHER));
	HELD(WRITE(ONE, 0, 0), GIVE(ONE, 0, 0), WRITE(OTHER, 0, 0));
	HELD(WRITE(ONE, 0, 0), GIVE(ONE, 0, 0), READ(OTHER, 7, 1));
	HELD(READ(ONE, 7, 2), GIVE(ONE, 0, 0), WRITE(OTHER, 8, 9));
	HELD(WRITE(ONE, 5, 9), GIVE(ONE, 7, 1), WRITE(OTHER, 7, 1));
	HELD(WRITE(ONE, 5, 9), READ(ONE, 7, 1), READ(OTHER, 7, 1));
	HELD(WRITE(ONE, 9, -4), GIVE(ONE, 0, 9), WRITE(OTHER, 5, 1));
	HELD(WRITE(ONE, 0, 0), lock_file_close(ONE), WRITE(OTHER, 99, 1));
	HELD(P_WRITE(ONE, 0, 4), P_GIVE(ONE, 0, 0), WRITE(OTHER, 3, 0));
	HELD(P_WRITE(ONE, 0, 4), lock_file_close(ONE), WRITE(OTHER, 3, 0));
	HELD(WRITE(ONE, 2, 4), GIVE(ONE, 0, 0), P_READ(OTHER, 3, 0));
	HELD(WRITE(ONE, 2, 4), GIVE(ONE, 0, 0), MUST(!lockf(OTHER, F_LOCK, 3)));
	HELD(MUST(!lockf64(ONE, F_TLOCK, 0)), MUST(!lockf(ONE, F_ULOCK, 0)), WRITE(OTHER, 0, 9));
	HELD(MUST(!lock_from_end(ONE)), MUST(!give_from_here(ONE)), WRITE(OTHER, 99, 1));
}

int main(void)
{
	lock_files_open(100);
	steps_run();
	return 0;
}
