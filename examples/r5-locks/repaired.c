/* Locks around a line in shared memory, which threads reach through two addresses, and processes. Row R5: every kind of
 * lock that is for that.
 */
/* expect: nothing */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include "../shared.h"

enum { ROUNDS = 5 };

struct board {
	char line[64];
	pthread_mutex_t mutex, robust;
	pthread_rwlock_t rwlock;
	pthread_spinlock_t spin;
};

static char lock_file[] = "/tmp/lock.XXXXXX";

static void prepare(void *shared)
{
	struct board *board = shared;
	pthread_mutexattr_t attributes;
	pthread_rwlockattr_t rwlock_attributes;
	make_shared_mutex(&board->mutex);
	must(pthread_mutexattr_init(&attributes) ||
		pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
	must(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
	must(pthread_mutex_init(&board->robust, &attributes));
	must(pthread_rwlockattr_init(&rwlock_attributes));
	must(pthread_rwlockattr_setpshared(&rwlock_attributes, PTHREAD_PROCESS_SHARED));
	must(pthread_rwlock_init(&board->rwlock, &rwlock_attributes));
	must(pthread_spin_init(&board->spin, PTHREAD_PROCESS_SHARED));
}

/* 1. A mutex. */
static void *with_mutex(void *shared)
{
	struct board *board = shared;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&board->mutex);
		snprintf(board->line, sizeof board->line, "under a mutex: %d", i);
		pthread_mutex_unlock(&board->mutex);
	}
	return NULL;
}

/* 2. A robust mutex, whose owner ends without giving it back. */
static void *end_with_robust(void *shared)
{
	struct board *board = shared;
	must(pthread_mutex_lock(&board->robust));
	snprintf(board->line, sizeof board->line, "half of the li%c", 'n');
	day_reached(1);
	return NULL;
}

static void *inherit_robust(void *shared)
{
	struct board *board = shared;
	day_wait(1);
	must(pthread_mutex_lock(&board->robust) != EOWNERDEAD || pthread_mutex_consistent(&board->robust));
	snprintf(board->line, sizeof board->line, "the whole %s", "line");
	must(pthread_mutex_unlock(&board->robust));
	return NULL;
}

/* 3. A read-write lock. */
static void *with_rwlock(void *shared)
{
	struct board *board = shared;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_rwlock_wrlock(&board->rwlock);
		snprintf(board->line, sizeof board->line, "under a read-write lock: %d", i);
		pthread_rwlock_unlock(&board->rwlock);
	}
	return NULL;
}

/* 4. A spin lock. */
static void *with_spin(void *shared)
{
	struct board *board = shared;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_spin_lock(&board->spin);
		snprintf(board->line, sizeof board->line, "under a spin lock: %d", i);
		pthread_spin_unlock(&board->spin);
	}
	return NULL;
}

/* 5. A lock of a file by flock. */
static void *with_flock(void *shared)
{
	struct board *board = shared;
	int fd = open(lock_file, O_RDWR);
	for (int i = 0; i < ROUNDS; i++) {
		must(flock(fd, LOCK_EX));
		snprintf(board->line, sizeof board->line, "under flock: %d", i);
		must(flock(fd, LOCK_UN));
	}
	return NULL;
}

/* 6. A lock that belongs to an open file. */
static void *with_open_file(void *shared)
{
	struct board *board = shared;
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET}, unlock = {.l_type = F_UNLCK};
	int fd = open(lock_file, O_RDWR);
	for (int i = 0; i < ROUNDS; i++) {
		must(fcntl(fd, F_OFD_SETLKW, &lock));
		snprintf(board->line, sizeof board->line, "under a lock of an open file: %d", i);
		must(fcntl(fd, F_OFD_SETLKW, &unlock));
	}
	return NULL;
}

/* 7. A lock by fcntl, which belongs to a process. */
static void *with_fcntl(void *shared)
{
	struct board *board = shared;
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET}, unlock = {.l_type = F_UNLCK};
	int fd = open(lock_file, O_RDWR);
	lock.l_start = unlock.l_start = 9;
	lock.l_len = unlock.l_len = 1;
	for (int i = 0; i < ROUNDS; i++) {
		must(fcntl(fd, F_SETLKW, &lock));
		snprintf(board->line, sizeof board->line, "under fcntl: %d", i);
		must(fcntl(fd, F_SETLKW, &unlock));
	}
	return NULL;
}

/* 8. A lock by lockf, from the present place in the file on. */
static void *with_lockf(void *shared)
{
	struct board *board = shared;
	int fd = open(lock_file, O_RDWR);
	lseek(fd, 9, SEEK_SET);
	for (int i = 0; i < ROUNDS; i++) {
		must(lockf(fd, F_LOCK, 0));
		snprintf(board->line, sizeof board->line, "under lockf: %d", i);
		must(lockf(fd, F_ULOCK, 0));
	}
	return NULL;
}

static const struct way ways[] = {
	{IN_THREADS | IN_PROCESSES, with_mutex, with_mutex},
	{IN_THREADS | IN_PROCESSES, end_with_robust, inherit_robust},
	{IN_THREADS | IN_PROCESSES, with_rwlock, with_rwlock},
	{IN_THREADS | IN_PROCESSES, with_spin, with_spin},
	{IN_THREADS | IN_PROCESSES, with_flock, with_flock},
	{IN_THREADS | IN_PROCESSES, with_open_file, with_open_file},
	{IN_PROCESSES, with_fcntl, with_fcntl},
	{IN_PROCESSES, with_lockf, with_lockf},
};

int main(void)
{
	must(close(mkstemp(lock_file)));
	TRY_WAYS(ways, board, prepare, NULL);
	return unlink(lock_file);
}
