/* Two sides that nothing the detector sees orders, as threads of one process or as two processes: one ends its work before the
 * other starts its own, in the order that the program's first argument says ("backward": the second side first). */
#ifndef RACETRACK_TESTS_SIDES_H
#define RACETRACK_TESTS_SIDES_H

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

#define PAGE 4096

/* A file of so many bytes in the working folder, opened; a mapping of a part of one. */
static __attribute__((unused)) int make_file(const char *name, size_t bytes)
{
	int fd = open(name, O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0 && ftruncate(fd, bytes) == 0);
	return fd;
}

static __attribute__((unused)) char *map_shared(int fd, size_t offset, size_t bytes)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
	MUST(at != MAP_FAILED);
	return at;
}

/* The sides' work: a write of eight bytes somewhere, by functions with names of their own. */
static __attribute__((unused, noinline)) void first_write(char *at)
{
	racetrack_write(at, 8);
	__asm__ volatile("" ::: "memory");
}

static __attribute__((unused, noinline)) void second_write(char *at)
{
	racetrack_write(at, 8);
	__asm__ volatile("" ::: "memory");
}

static __attribute__((unused)) int is_backward(int count, char **arguments)
{
	return count > 1 && !strcmp(arguments[1], "backward");
}

static __attribute__((unused)) void run_threads(int backward, void (*first)(void), void (*second)(void))
{
	pair_run(backward ? second : first, backward ? first : second);
}

/* Memory that processes share and the detector sees nothing of: made by the bare system call, used by the kernel only. */
static __attribute__((unused)) struct gate *make_gate(void)
{
	struct gate *gate = (struct gate *)gate_call(
		9, 0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return gate;
}

static __attribute__((unused)) pid_t start_side(struct gate *gate, void (*run)(void), int after, int opens)
{
	pid_t child = fork();
	MUST(child >= 0);
	if (child)
		return child;
	gate_wait(gate, after);
	run();
	gate_open(gate, opens);
	/* Both processes live until both are done. */
	gate_wait(gate, 3);
	_exit(0);
}

static __attribute__((unused)) void end_side(pid_t child)
{
	int status;
	MUST(waitpid(child, &status, 0) == child && status == 0);
}

static __attribute__((unused)) void run_processes(int backward, void (*first)(void), void (*second)(void))
{
	struct gate *gate = make_gate();
	pid_t one = start_side(gate, first, backward ? 2 : 1, backward ? 3 : 2);
	pid_t other = start_side(gate, second, backward ? 1 : 2, backward ? 2 : 3);
	gate_open(gate, 1);
	end_side(one);
	end_side(other);
}

#endif
