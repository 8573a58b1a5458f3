// Descriptors that a process got by an exec, or over a socket, are what they are in the others.
#define _GNU_SOURCE
#include <sys/eventfd.h>
#include "local.h"
#include "sides.h"

enum { WAYS = 4 };

static char *memory;
static int given[WAYS], kept[WAYS], over[2];

static void make_ways(void)
{
	int pair[2];
	MUST(!pipe(pair));
	given[0] = pair[0], kept[0] = pair[1];
	for (int way = 1; way < 3; way++) {
		MUST(!socketpair(AF_UNIX, way == 1 ? SOCK_STREAM : SOCK_SEQPACKET, 0, pair));
		given[way] = pair[0], kept[way] = pair[1];
	}
	given[3] = kept[3] = eventfd(0, 0);
}

/* The exec'ed program: a file of the memory, and the descriptors, by their numbers. */
static int run_other(char **arguments)
{
	char to[8];
	int file = atoi(arguments[1]);
	memory = map_shared(file, 0, PAGE);
	over[0] = atoi(arguments[2]);
	for (int way = 0; way < WAYS; way++) {
		MUST(read(atoi(arguments[3 + way]), to, way == 3 ? 8 : 1) > 0);
		racetrack_write(memory + 64 * way, 8);
	}
	for (int way = 0; way < WAYS; way++) {
		MUST(read(local_receive(over[0]), to, way == 3 ? 8 : 1) > 0);
		racetrack_write(memory + 1024 + 64 * way, 8);
	}
	return 0;
}

static void run_again(char *program, int file)
{
	char numbers[2 + WAYS][12], *arguments[] = {program, numbers[0], numbers[1], numbers[2], numbers[3],
					    numbers[4], numbers[5], NULL};
	sprintf(numbers[0], "%d", file);
	sprintf(numbers[1], "%d", over[0]);
	for (int way = 0; way < WAYS; way++)
		sprintf(numbers[2 + way], "%d", given[way]);
	execv("/proc/self/exe", arguments);
	_exit(99);
}

int main(int count, char **arguments)
{
	if (count > 1)
		return run_other(arguments);
	int file = make_file("memory", PAGE);
	memory = map_shared(file, 0, PAGE);
	MUST(!socketpair(AF_UNIX, SOCK_DGRAM, 0, over));
	make_ways();
	pid_t child = fork();
	MUST(child >= 0);
	if (!child)
		run_again(arguments[0], file);
	for (int way = 0; way < WAYS; way++) {
		racetrack_write(memory + 64 * way, 8);
		MUST(write(kept[way], "\1\0\0\0\0\0\0\0", way == 3 ? 8 : 1) > 0);
	}
	make_ways();
	for (int way = 0; way < WAYS; way++) {
		local_send(over[1], given[way]);
		racetrack_write(memory + 1024 + 64 * way, 8);
		MUST(write(kept[way], "\1\0\0\0\0\0\0\0", way == 3 ? 8 : 1) > 0);
	}
	end_side(child);
	return 0;
}
