// The child of a process with several threads goes on being tracked: its threads race, and so do those of its child.
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

static struct gate gate;
static int data, deeper;

static void write_data(void)
{
	racetrack_write(&data, sizeof data); // race: race-data
}

static void write_deeper(void)
{
	racetrack_write(&deeper, sizeof deeper); // race: race-data
}

static void *stay(void *unused)
{
	gate_wait(&gate, 1);
	return unused;
}

static int wait_for(pid_t child)
{
	int status = -1;
	MUST(child > 0 && waitpid(child, &status, 0) == child);
	return WEXITSTATUS(status);
}

int main(void)
{
	pthread_t thread;
	MUST(pthread_create(&thread, NULL, stay, NULL) == 0);
	pid_t child = fork();
	if (child == 0) {
		pair_run(write_data, write_data);
		pid_t grandchild = fork();
		if (grandchild == 0) {
			pair_run(write_deeper, write_deeper);
			return 5;
		}
		return wait_for(grandchild) + 1;
	}
	printf("%d\n", wait_for(child));
	gate_open(&gate, 1);
	MUST(pthread_join(thread, NULL) == 0);
	return 0;
}
