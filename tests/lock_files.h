/* A file for each line of a case, opened twice, and the ways to lock parts of it. Numbers stay open: who gets one that another
 * thread closed comes after it. */
#ifndef RACETRACK_TESTS_LOCK_FILES_H
#define RACETRACK_TESTS_LOCK_FILES_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "steps.h"

static int lock_files[STEPS_MOST][2];

/* The two openings of the line's file. */
#define ONE   (lock_files[__LINE__][0])
#define OTHER (lock_files[__LINE__][1])

static __attribute__((unused)) void lock_files_open(int lines)
{
	for (int line = 0; line < lines; line++)
		for (int i = 0; i < 2; i++) {
			char name[32];
			snprintf(name, sizeof(name), "lock%d", line);
			lock_files[line][i] = open(name, O_RDWR | O_CREAT, 0600);
			MUST(lock_files[line][i] >= 0 && !ftruncate(lock_files[line][i], 100));
		}
}

/* By fcntl: `command` F_SETLK, F_OFD_SETLK and their like. */
static __attribute__((unused)) int range_lock(
	int fd, int command, int type, int whence, off_t first, off_t bytes)
{
	struct flock lock = {
		.l_type = (short)type, .l_whence = (short)whence, .l_start = first, .l_len = bytes};
	return fcntl(fd, command, &lock);
}

#define RANGE(fd, command, type, first, bytes) MUST(!range_lock(fd, command, type, SEEK_SET, first, bytes))
/* To read, to write and to give up a range, for the open file and for the process. */
#define READ(fd, first, bytes)                 RANGE(fd, F_OFD_SETLKW, F_RDLCK, first, bytes)
#define WRITE(fd, first, bytes)                RANGE(fd, F_OFD_SETLKW, F_WRLCK, first, bytes)
#define GIVE(fd, first, bytes)                 RANGE(fd, F_OFD_SETLKW, F_UNLCK, first, bytes)
#define P_READ(fd, first, bytes)               RANGE(fd, F_SETLKW, F_RDLCK, first, bytes)
#define P_WRITE(fd, first, bytes)              RANGE(fd, F_SETLKW, F_WRLCK, first, bytes)
#define P_GIVE(fd, first, bytes)               RANGE(fd, F_SETLKW, F_UNLCK, first, bytes)
#define SHARED(fd)                             MUST(!flock(fd, LOCK_SH))
#define EXCLUSIVE(fd)                          MUST(!flock(fd, LOCK_EX))
#define UNLOCKED(fd)                           MUST(!flock(fd, LOCK_UN))

/* Closed by way of a number that goes on to stand for something. */
static __attribute__((unused)) void lock_file_close(int fd)
{
	MUST(close(fd) == 0);
	MUST(open("/dev/null", O_RDONLY) == fd);
}

#endif
