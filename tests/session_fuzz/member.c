/* Processes of a session that is written into meanwhile: they share a file, lock, pass a token, race, fork, start themselves
 * anew, map and unmap, have threads. What they count is right in the end, whatever stands in the session.
 *
 *     member FILE        all of it, until the file's first word is set
 *     member FILE brief  a little */
#include <pthread.h>
#include <signal.h>
#include "sides.h"

enum { WORKERS = 3, BRIEF = 3, LINE = 192, BYTES = 64 * PAGE };

struct shared {
	struct gate stop;
	pthread_mutex_t mutex;
	char locked[LINE], raced[64];
	long count, expected;
};

static struct shared *shared;
static const char *file;

static int is_over(void)
{
	int stop;
	gate_copy(310, &stop, &shared->stop);
	return stop;
}

static void lock(void)
{
	MUST(pthread_mutex_lock(&shared->mutex) == 0);
}

static void unlock(void)
{
	MUST(pthread_mutex_unlock(&shared->mutex) == 0);
}

static void count(long *counter, long by)
{
	char line[LINE];
	lock();
	memcpy(line, shared->locked, sizeof line);
	line[0]++;
	memcpy(shared->locked, line, sizeof line);
	*counter += by;
	unlock();
}

static __attribute__((noinline)) void race(void)
{
	racetrack_write(shared->raced, 8);
	((volatile char *)shared->raced)[9]++;
}

/* Neighbours of different sizes, so that some eight bytes have many cells; plainly, and by calls. */
static void write_over(char *memory, unsigned seed)
{
	for (unsigned i = 0; i < 200; i++) {
		seed = seed * 1103515245 + 12345;
		char *at = memory + 2 * PAGE + seed / 65536 % (BYTES - 3 * PAGE);
		if (i % 3)
			racetrack_write(at, 1 + seed % 7);
		else
			memset(at, (int)i, seed % 300);
		*(volatile char *)at = 1;
	}
}

static long map_again(int fd, unsigned seed)
{
	struct shared *again = (struct shared *)map_shared(fd, 0, BYTES);
	count(&again->count, 1);
	write_over((char *)again, seed);
	MUST(munmap(again, BYTES) == 0);
	char *anonymous = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(anonymous != MAP_FAILED);
	memset(anonymous, 1, 2 * PAGE);
	MUST(munmap(anonymous, 4 * PAGE) == 0);
	return 1;
}

static void work_briefly(void)
{
	for (int i = 0; i < BRIEF; i++)
		count(&shared->count, 1);
	race();
}

static long work_in_child(unsigned number)
{
	int status;
	pid_t child = fork();
	MUST(child >= 0);
	if (child == 0) {
		if (number % 2)
			execl("/proc/self/exe", "member", file, "brief", NULL);
		else
			work_briefly();
		exit(0);
	}
	MUST(waitpid(child, &status, 0) == child);
	if (status) {
		fprintf(stderr, "child %d of work %u: status %x\n", child, number, status);
		_exit(3);
	}
	return BRIEF;
}

static void *work_beside(void *done)
{
	while (!is_over()) {
		count(&shared->count, 1);
		++*(long *)done;
		race();
	}
	return NULL;
}

static void work(unsigned number, int fd)
{
	pthread_t thread;
	long done = 0, beside = 0;
	MUST(pthread_create(&thread, NULL, work_beside, &beside) == 0);
	for (unsigned i = number; !is_over(); i++) {
		count(&shared->count, 1);
		done++;
		race();
		write_over((char *)shared, i);
		if (i % 5 == 1)
			done += work_in_child(i);
		if (i % 7 == 2)
			done += map_again(fd, i);
	}
	MUST(pthread_join(thread, NULL) == 0);
	count(&shared->expected, done + beside);
}

static void make_mutex(void)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&shared->mutex, &attributes);
}

static void work_all(int fd)
{
	int status;
	for (unsigned i = 0; i < WORKERS; i++) {
		pid_t worker = fork();
		MUST(worker >= 0);
		if (!worker) {
			work(1000 * i, fd);
			exit(0);
		}
	}
	for (unsigned i = 0; i < WORKERS; i++) {
		pid_t worker = wait(&status);
		if (worker < 0 || status) { /* it may have had the lock: nobody else would end */
			fprintf(stderr, "worker %d: status %x\n", worker, status);
			kill(0, SIGKILL);
		}
	}
	printf("%s\n", shared->count && shared->count == shared->expected ? "right" : "wrong");
}

int main(int count, char **arguments)
{
	MUST(count > 1);
	file = arguments[1];
	int fd = make_file(file, BYTES);
	shared = (struct shared *)map_shared(fd, 0, BYTES);
	if (count > 2) {
		work_briefly();
	} else {
		make_mutex();
		work_all(fd);
	}
	return 0;
}
