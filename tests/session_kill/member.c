/* A process of a session that is killed at some moment, or not. All of them share a file's memory, a robust mutex in it and a
 * pipe; they fork, and their children start this program again. What they look at to know of the test's state is read by the
 * kernel, so that it orders nothing: see gate.h.
 *
 *   member FILE init                make the mutex
 *   member FILE brief               a little work
 *   member FILE work NUMBER FROM TO work until the test says that it is enough; FROM, TO: the ends of the pipe */
#include <errno.h>
#include <time.h>
#include "sides.h"

enum { MEMBERS = 4096, BRIEF = 3, LINE = 192 };

struct shared {
	struct gate stop, states[MEMBERS]; /* tests/session_kill.test writes and reads these */
	pthread_mutex_t mutex;
	char locked[LINE], passed[LINE];
	volatile long count;
	char early[64], late[64];
};

static struct shared *shared;
static const char *file;

static int is_over(void)
{
	int stop;
	gate_copy(310, &stop, &shared->stop);
	return stop;
}

/* With a limit: a thread that was woken for the lock and is killed before it takes it may leave the others asleep, if a third one
 * took the lock meanwhile; the kernel's list of robust locks does not cover that. */
static void lock(void)
{
	int error;
	do {
		struct timespec limit;
		clock_gettime(CLOCK_REALTIME, &limit);
		limit.tv_sec += 1;
		error = pthread_mutex_timedlock(&shared->mutex, &limit);
	} while (error == ETIMEDOUT);
	MUST(!error || (error == EOWNERDEAD && !pthread_mutex_consistent(&shared->mutex)));
}

/* Through any mapping of the file. */
static void work_locked(struct shared *mapping)
{
	char line[LINE];
	lock();
	memcpy(line, mapping->locked, sizeof line);
	line[0]++;
	memcpy(mapping->locked, line, sizeof line);
	mapping->count++;
	MUST(pthread_mutex_unlock(&shared->mutex) == 0);
}

/* Whoever has the token may write. It is lost with a process that is killed while it has it. */
static void work_with_token(int from, int to)
{
	char token, line[LINE] = "";
	if (read(from, &token, 1) != 1)
		return;
	memcpy(shared->passed, line, sizeof line);
	MUST(write(to, &token, 1) == 1);
}

static void work_elsewhere(int fd)
{
	struct shared *again = (struct shared *)map_shared(fd, 0, sizeof *shared);
	work_locked(again);
	MUST(munmap(again, sizeof *shared) == 0);
}

static void work_briefly(void)
{
	for (int i = 0; i < BRIEF; i++)
		work_locked(shared);
}

static void work_in_child(int number)
{
	pid_t child = fork();
	MUST(child >= 0);
	if (child == 0) {
		work_briefly();
		if (number % 2)
			execl("/proc/self/exe", "member", file, "brief", NULL);
		_exit(0);
	}
	MUST(waitpid(child, NULL, 0) == child);
}

static void *work_beside(void *unused)
{
	while (!is_over())
		work_locked(shared);
	return unused;
}

/* Nothing orders one process's write with another's. */
static __attribute__((noinline)) void race_early(void)
{
	racetrack_write(shared->early, 8);
	__asm__ volatile("" ::: "memory");
}

static __attribute__((noinline)) void race_late(void)
{
	racetrack_write(shared->late, 8);
	__asm__ volatile("" ::: "memory");
}

static int work(int number, int from, int to, int fd)
{
	pthread_t thread;
	race_early();
	MUST(pthread_create(&thread, NULL, work_beside, NULL) == 0);
	gate_open(&shared->states[number], 1);
	for (int i = 0; !is_over(); i++) {
		work_locked(shared);
		work_with_token(from, to);
		if (i % 5 == 1)
			work_in_child(i);
		if (i % 7 == 2)
			work_elsewhere(fd);
	}
	MUST(pthread_join(thread, NULL) == 0);
	race_late();
	gate_open(&shared->states[number], 2);
	return 0;
}

static void make_mutex(void)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	MUST(pthread_mutex_init(&shared->mutex, &attributes) == 0);
}

int main(int count, char **arguments)
{
	MUST(count > 2);
	file = arguments[1];
	int fd = make_file(file, (sizeof *shared + PAGE) / PAGE * PAGE);
	shared = (struct shared *)map_shared(fd, 0, sizeof *shared);
	if (!strcmp(arguments[2], "work"))
		return work(atoi(arguments[3]), atoi(arguments[4]), atoi(arguments[5]), fd);
	if (!strcmp(arguments[2], "brief"))
		work_briefly();
	else
		make_mutex();
	return 0;
}
