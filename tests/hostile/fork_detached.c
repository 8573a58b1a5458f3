// hostile: shares memory and forks after detached threads have ended whose stacks, with what they kept there, are gone
// times: 3
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 12, STACK_BYTES = 64 << 20 /* more than the C library keeps for the next thread */ };

static int starts[2], ends[2];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int counted;

static void *work(void *argument)
{
	char byte;
	if (read(starts[0], &byte, 1) != 1)
		abort();
	pthread_mutex_lock(&mutex);
	counted++;
	pthread_mutex_unlock(&mutex);
	if (write(ends[1], "x", 1) != 1)
		abort();
	return argument;
}

static void fork_once(int *shared)
{
	int status;
	fflush(stdout);
	pid_t child = fork();
	if (!child) {
		++*shared;
		_exit(counted & 127);
	}
	waitpid(child, &status, 0);
	printf("%d %x\n", *shared, status);
}

int main(void)
{
	int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	if (pipe(starts) || pipe(ends))
		return 1;
	/* All at once: each would have the stack of the one before. */
	for (int i = 0; i < THREADS; i++) {
		pthread_t thread;
		if (pthread_create(&thread, &attributes, work, NULL))
			return 1;
	}
	for (int i = 0; i < THREADS; i++) {
		char byte;
		if (write(starts[1], "x", 1) != 1 || read(ends[0], &byte, 1) != 1)
			return 1;
	}
	usleep(100000); /* the last one has said so, and is about to end */
	for (int i = 0; i < 3; i++)
		fork_once(shared);
	return 0;
}
