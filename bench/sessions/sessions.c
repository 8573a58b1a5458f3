/* sessions WHAT TIMES: what processes do that share memory, and what they do around it. One job each, so that its cost shows.
 *
 *   maps-private   private memory is mapped, touched and unmapped
 *   maps-shared    the same with parts of a file
 *   forks          children begin and end
 *   forks-shared   the same, and each writes into memory that it shares with the others
 *   segment        64 processes do TIMES steps each: some work of their own, and a little in shared memory under a mutex there */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FILE_BYTES = 16 << 20, MAP_BYTES = 1 << 16, SEGMENT_BYTES = 1 << 20, PROCESSES = 64, WORK = 2000 };

#define MUST(condition) ((condition) ? (void)0 : abort())

struct segment {
	pthread_mutex_t mutex;
	unsigned long sum;
	char slots[1024][256];
};

static void *map(size_t bytes, int flags, int fd, off_t offset)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, offset);
	MUST(at != MAP_FAILED);
	return at;
}

static void run_maps(long times, int flags, int fd)
{
	for (long i = 0; i < times; i++) {
		char *at = map(MAP_BYTES, flags, fd, fd < 0 ? 0 : i * 4096 % (FILE_BYTES - MAP_BYTES));
		memset(at + i % 16 * 4096, (int)i, 100);
		MUST(munmap(at, MAP_BYTES) == 0);
	}
}

static void run_forks(long times, struct segment *segment)
{
	for (long i = 0; i < times; i++) {
		int status;
		pid_t child = fork();
		MUST(child >= 0);
		if (child == 0) {
			if (segment)
				memset(segment->slots[i % 1024], (int)i, sizeof *segment->slots);
			_exit(0);
		}
		MUST(waitpid(child, &status, 0) == child && status == 0);
	}
}

static struct segment *make_segment(void)
{
	struct segment *segment = map(SEGMENT_BYTES, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t attributes;
	MUST(!pthread_mutexattr_init(&attributes));
	MUST(!pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED));
	MUST(!pthread_mutex_init(&segment->mutex, &attributes));
	return segment;
}

static void work_on(struct segment *segment, long times, unsigned number)
{
	char line[256] = "";
	unsigned long sum = number;
	for (long i = 0; i < times; i++) {
		for (int w = 0; w < WORK; w++)
			sum = sum * 6364136223846793005ul + line[sum % sizeof line] + 1;
		line[i % sizeof line] = (char)sum;
		MUST(!pthread_mutex_lock(&segment->mutex));
		memcpy(segment->slots[sum % 1024], line, sizeof line);
		segment->sum += sum;
		MUST(!pthread_mutex_unlock(&segment->mutex));
	}
}

static void run_segment(long times)
{
	struct segment *segment = make_segment();
	pid_t children[PROCESSES];
	for (unsigned i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		MUST(children[i] >= 0);
		if (children[i] == 0) {
			work_on(segment, times, i);
			_exit(0);
		}
	}
	for (int i = 0; i < PROCESSES; i++) {
		int status;
		MUST(waitpid(children[i], &status, 0) == children[i] && status == 0);
	}
	printf("%lu\n", segment->sum);
}

int main(int count, char **arguments)
{
	MUST(count == 3);
	long times = atol(arguments[2]);
	if (!strcmp(arguments[1], "maps-private")) {
		run_maps(times, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	} else if (!strcmp(arguments[1], "maps-shared")) {
		FILE *file = tmpfile();
		MUST(file && ftruncate(fileno(file), FILE_BYTES) == 0);
		run_maps(times, MAP_SHARED, fileno(file));
	} else if (!strcmp(arguments[1], "segment")) {
		run_segment(times);
	} else {
		run_forks(times, strcmp(arguments[1], "forks") ? make_segment() : NULL);
	}
	return 0;
}
