/* What the examples with shared memory share: one piece of it at two addresses, and two sides that are processes. */
#ifndef RACETRACK_EXAMPLES_SHARED_H
#define RACETRACK_EXAMPLES_SHARED_H

#include <sys/mman.h>
#include <sys/wait.h>

#include "example.h"

/* A mapping of the whole file; another address at every call. */
static inline void *map_file(int fd, size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	must(at == MAP_FAILED);
	return at;
}

/* So many zero bytes without a name, of which descriptor and mappings are all there is. */
static inline int make_memory(size_t bytes)
{
	int fd = memfd_create("example", MFD_CLOEXEC);
	must(fd < 0 || ftruncate(fd, (off_t)bytes));
	return fd;
}

static inline void make_shared_mutex(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attributes;
	must(pthread_mutexattr_init(&attributes) ||
		pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
	must(pthread_mutex_init(mutex, &attributes));
	pthread_mutexattr_destroy(&attributes);
}

static inline pid_t start_process(void *(*run)(void *), void *argument)
{
	pid_t child = fork();
	must(child < 0);
	if (child == 0) {
		run(argument);
		_exit(0);
	}
	return child;
}

static inline void wait_for(pid_t child)
{
	int status;
	must(waitpid(child, &status, 0) != child || status);
}

/* The second side, as the first one knows it: to send it signals. */
__attribute__((unused)) static pid_t second_process;

/* As run_both, in two processes. */
__attribute__((unused)) static void run_processes(
	void *(*first)(void *), void *(*second)(void *), void *a, void *b)
{
	second_process = start_process(second, b);
	pid_t first_process = start_process(first, a);
	wait_for(first_process);
	wait_for(second_process);
}

/* Ways for two sides to take turns at one line of shared memory. Each way is tried by two threads of one process, through
 * two addresses, and by two processes, where it is one for them. */
enum { IN_THREADS = 1, IN_PROCESSES = 2 };

struct way {
	int among; /* IN_THREADS, IN_PROCESSES or both */
	void *(*first)(void *), *(*second)(void *);
};

__attribute__((unused)) static void try_way(
	const struct way *way, int among, size_t bytes, void (*prepare)(void *), void (*finish)(void *))
{
	if (!(way->among & among))
		return;
	int fd = make_memory(bytes), steps = make_memory(sizeof(int));
	void *one = map_file(fd, bytes), *other = map_file(fd, bytes);
	day_step = map_file(steps, sizeof(int));
	prepare(one);
	if (among == IN_THREADS)
		run_both(way->first, way->second, one, other);
	else
		run_processes(way->first, way->second, one, other);
	printf("%s\n", (char *)one);
	if (finish)
		finish(one);
	munmap(day_step, sizeof(int));
	munmap(one, bytes);
	munmap(other, bytes);
	close(steps);
	close(fd);
}

/* `prepare` makes what a way needs in a fresh piece of memory, which begins with the line; `finish`, or NULL: ends it. */
__attribute__((unused)) static void try_ways(
	const struct way *ways, size_t count, size_t bytes, void (*prepare)(void *), void (*finish)(void *))
{
	for (size_t i = 0; i < count; i++) {
		try_way(&ways[i], IN_THREADS, bytes, prepare, finish);
		try_way(&ways[i], IN_PROCESSES, bytes, prepare, finish);
	}
	fflush(stdout);
}

#define TRY_WAYS(ways, board, prepare, finish)                                                               \
	try_ways(ways, sizeof(ways) / sizeof(*(ways)), sizeof(struct board), prepare, finish)

#endif
