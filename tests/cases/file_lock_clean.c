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

static void steps(void)
{
	HELD(WHOLE(ONE, LOCK_EX), WHOLE(ONE, LOCK_UN), WHOLE(OTHER, LOCK_EX));
	HELD(WHOLE(ONE, LOCK_EX), WHOLE(ONE, LOCK_UN), WHOLE(OTHER, LOCK_SH));
	HELD(WHOLE(ONE, LOCK_SH), WHOLE(ONE, LOCK_UN), WHOLE(OTHER, LOCK_EX | LOCK_NB));
	HELD(WHOLE(ONE, LOCK_EX), WHOLE(ONE, LOCK_SH), WHOLE(OTHER, LOCK_SH));
	HELD(WHOLE(ONE, LOCK_EX), lock_file_close(ONE), WHOLE(OTHER, LOCK_EX));
	HELD(WHOLE(ONE, LOCK_EX), MUST(dup2(1, ONE) == ONE), WHOLE(OTHER, LOCK_EX));
	HELD(WHOLE(ONE, LOCK_EX), WHOLE(copy_of(ONE), LOCK_UN), WHOLE(OTHER, LOCK_EX));
	HELD(WHOLE(copy_of(ONE), LOCK_EX), WHOLE(ONE, LOCK_UN), WHOLE(OTHER, LOCK_SH));
	HELD(OPEN_FILE(ONE, F_WRLCK, 0, 0), OPEN_FILE(ONE, F_UNLCK, 0, 0), OPEN_FILE(OTHER, F_WRLCK, 0, 0));
	HELD(OPEN_FILE(ONE, F_WRLCK, 0, 0), OPEN_FILE(ONE, F_UNLCK, 0, 0), OPEN_FILE(OTHER, F_RDLCK, 7, 1));
	HELD(OPEN_FILE(ONE, F_RDLCK, 7, 2), OPEN_FILE(ONE, F_UNLCK, 0, 0), OPEN_FILE(OTHER, F_WRLCK, 8, 9));
	HELD(OPEN_FILE(ONE, F_WRLCK, 5, 9), OPEN_FILE(ONE, F_UNLCK, 7, 1), OPEN_FILE(OTHER, F_WRLCK, 7, 1));
	HELD(OPEN_FILE(ONE, F_WRLCK, 5, 9), OPEN_FILE(ONE, F_RDLCK, 7, 1), OPEN_FILE(OTHER, F_RDLCK, 7, 1));
	HELD(OPEN_FILE(ONE, F_WRLCK, 9, -4), OPEN_FILE(ONE, F_UNLCK, 0, 9), OPEN_FILE(OTHER, F_WRLCK, 5, 1));
	HELD(OPEN_FILE(ONE, F_WRLCK, 0, 0), lock_file_close(ONE), OPEN_FILE(OTHER, F_WRLCK, 99, 1));
	HELD(PROCESS(ONE, F_WRLCK, 0, 4), PROCESS(ONE, F_UNLCK, 0, 0), OPEN_FILE(OTHER, F_WRLCK, 3, 0));
	HELD(PROCESS(ONE, F_WRLCK, 0, 4), lock_file_close(ONE), OPEN_FILE(OTHER, F_WRLCK, 3, 0));
	HELD(OPEN_FILE(ONE, F_WRLCK, 2, 4), OPEN_FILE(ONE, F_UNLCK, 0, 0), PROCESS(OTHER, F_RDLCK, 3, 0));
	HELD(OPEN_FILE(ONE, F_WRLCK, 2, 4), OPEN_FILE(ONE, F_UNLCK, 0, 0), MUST(!lockf(OTHER, F_LOCK, 3)));
	HELD(MUST(!lockf64(ONE, F_TLOCK, 0)), MUST(!lockf(ONE, F_ULOCK, 0)), OPEN_FILE(OTHER, F_WRLCK, 0, 9));
	HELD(MUST(!range_lock(ONE, F_OFD_SETLK, F_WRLCK, SEEK_END, -1, 1)),
		MUST(!range_lock(ONE, F_OFD_SETLK, F_UNLCK, SEEK_CUR, 0, 0)),
		OPEN_FILE(OTHER, F_WRLCK, 99, 1));
}

int main(void)
{
	lock_files_open(100);
	steps_run();
	return 0;
}
