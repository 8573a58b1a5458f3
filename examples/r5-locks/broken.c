/* Locks around a line in shared memory, which threads reach through two addresses, and processes. Row R5: locks that do
 * not protect, each in its way.
 */
/* expect: race-shared race-alias race-shared race-alias race-shared race-shared race-alias race-shared race-alias
 * race-shared race-shared race-shared */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include "../shared.h"

enum { ROUNDS = 5 };

struct board {
	char line[64];
	pthread_mutex_t robust;
	pthread_rwlock_t rwlock;
};

static char lock_file[] = "/tmp/lock.XXXXXX";

static pthread_mutex_t own_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_spinlock_t own_spin;

static void prepare(void *shared)
{
	struct board *board = shared;
	pthread_mutexattr_t attributes;
	pthread_rwlockattr_t rwlock_attributes;
	must(pthread_mutexattr_init(&attributes) ||
		pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
	must(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
	must(pthread_mutex_init(&board->robust, &attributes));
	must(pthread_rwlockattr_init(&rwlock_attributes));
	must(pthread_rwlockattr_setpshared(&rwlock_attributes, PTHREAD_PROCESS_SHARED));
	must(pthread_rwlock_init(&board->rwlock, &rwlock_attributes));
	must(pthread_spin_init(&own_spin, PTHREAD_PROCESS_PRIVATE));
}

/* 1. A mutex: a private one, of which each process has its own. */
static void *with_mutex(void *shared)
{
	struct board *board = shared;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&own_mutex);
		// racetrack: race-shared a; race-shared b
		snprintf(board->line, sizeof board->line, "under a mutex: %d", i);
		pthread_mutex_unlock(&own_mutex);
	}
	return NULL;
}

/* 2. A robust mutex, whose owner ends without giving it back: the other side does not ask for it. */
static void *end_with_robust(void *shared)
{
	struct board *board = shared;
	must(pthread_mutex_lock(&board->robust));
	// racetrack: race-shared#2 a; race-alias a
	snprintf(board->line, sizeof board->line, "half of the li%c", 'n');
	day_reached(1);
	return NULL;
}

static void *inherit_robust(void *shared)
{
	struct board *board = shared;
	day_wait(1);
	// racetrack: race-shared#2 b; race-alias b
	snprintf(board->line, sizeof board->line, "the whole %s", "line");
	return NULL;
}

/* 3. A read-write lock: both sides have it for reading only. */
static void *with_rwlock(void *shared)
{
	struct board *board = shared;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_rwlock_rdlock(&board->rwlock);
		// racetrack: race-shared#3 a; race-shared#3 b; race-alias#2 a; race-alias#2 b
		snprintf(board->line, sizeof board->line, "under a read-write lock: %d", i);
		pthread_rwlock_unlock(&board->rwlock);
	}
	return NULL;
}

/* 4. A spin lock: a private one. */
static void *with_spin(void *shared)
{
	struct board *board = shared;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_spin_lock(&own_spin);
		// racetrack: race-shared#4 a; race-shared#4 b
		snprintf(board->line, sizeof board->line, "under a spin lock: %d", i);
		pthread_spin_unlock(&own_spin);
	}
	return NULL;
}

/* 5. A lock of a file by flock: a shared one. */
static void *with_flock(void *shared)
{
	struct board *board = shared;
	int fd = open(lock_file, O_RDWR);
	for (int i = 0; i < ROUNDS; i++) {
		must(flock(fd, LOCK_SH));
		// racetrack: race-shared#5 a; race-shared#5 b; race-alias#3 a; race-alias#3 b
		snprintf(board->line, sizeof board->line, "under flock: %d", i);
		must(flock(fd, LOCK_UN));
	}
	return NULL;
}

/* 6. A lock that belongs to an open file: for reading. */
static void *with_open_file(void *shared)
{
	struct board *board = shared;
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET}, unlock = {.l_type = F_UNLCK};
	int fd = open(lock_file, O_RDWR);
	for (int i = 0; i < ROUNDS; i++) {
		must(fcntl(fd, F_OFD_SETLKW, &lock));
		// racetrack: race-shared#6 a; race-shared#6 b; race-alias#4 a; race-alias#4 b
		snprintf(board->line, sizeof board->line, "under a lock of an open file: %d", i);
		must(fcntl(fd, F_OFD_SETLKW, &unlock));
	}
	return NULL;
}

/* 7. A lock by fcntl, which belongs to a process: each locks another byte. */
static void *with_fcntl(void *shared)
{
	struct board *board = shared;
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET}, unlock = {.l_type = F_UNLCK};
	int fd = open(lock_file, O_RDWR);
	lock.l_start = unlock.l_start = getpid();
	lock.l_len = unlock.l_len = 1;
	for (int i = 0; i < ROUNDS; i++) {
		must(fcntl(fd, F_SETLKW, &lock));
		// racetrack: race-shared#7 a; race-shared#7 b
		snprintf(board->line, sizeof board->line, "under fcntl: %d", i);
		must(fcntl(fd, F_SETLKW, &unlock));
	}
	return NULL;
}

/* 8. A lock by lockf, from the present place in the file on: each has another one. */
static void *with_lockf(void *shared)
{
	struct board *board = shared;
	int fd = open(lock_file, O_RDWR);
	lseek(fd, getpid(), SEEK_SET);
	for (int i = 0; i < ROUNDS; i++) {
		must(lockf(fd, F_LOCK, 1));
		// racetrack: race-shared#8 a; race-shared#8 b
		snprintf(board->line, sizeof board->line, "under lockf: %d", i);
		must(lockf(fd, F_ULOCK, 1));
	}
	return NULL;
}

static const struct way ways[] = {
	{IN_PROCESSES, with_mutex, with_mutex},
	{IN_THREADS | IN_PROCESSES, end_with_robust, inherit_robust},
	{IN_THREADS | IN_PROCESSES, with_rwlock, with_rwlock},
	{IN_PROCESSES, with_spin, with_spin},
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
