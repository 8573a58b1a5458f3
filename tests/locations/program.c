/* Two threads touch memory that no call allocated, each place by a function of its own: tests/locations.test says what it is. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pair.h"

static __thread char first_local[48];
__thread char second_local[16];
static char *(*library)(void), *(*fixed)(void);

/* A thread's own, as the other one is to find them. */
static struct {
	char *second, *library, *fixed, *control;
} others;
static char *main_local, *first_argument, *first_variable, *pointers, *brk_memory, *unseen;

#define PLACES(PLACE)                                                                                        \
	PLACE(of_first, main_local + 3)                                                                      \
	PLACE(of_second, others.second)                                                                      \
	PLACE(of_library, others.library)                                                                    \
	PLACE(of_fixed, others.fixed)                                                                        \
	PLACE(of_control, others.control)                                                                    \
	PLACE(of_arguments, first_argument)                                                                  \
	PLACE(of_environment, first_variable)                                                                \
	PLACE(of_pointers, pointers)                                                                         \
	PLACE(of_brk, brk_memory + 100)                                                                      \
	PLACE(of_unseen, unseen)

#define TOUCH(name, at)                                                                                      \
	static __attribute__((noinline)) void name(void)                                                     \
	{                                                                                                    \
		racetrack_write(at, 1);                                                                      \
		__asm__ volatile("" ::: "memory");                                                           \
	}
PLACES(TOUCH)

#define CALL(name, at) name();
static void touch(void)
{
	PLACES(CALL)
}

static void tell_and_touch(void)
{
	others.second = second_local + 1;
	others.library = library();
	others.fixed = fixed();
	others.control = (char *)pthread_self() + 64;
	touch();
	/* It stays until the other one is through: its memory is its own. */
	gate_open(&pair_stayed, 1);
	gate_wait(&pair_stayed, 2);
}

static void *stay(void *argument)
{
	tell_and_touch();
	return argument;
}

/* As brk(2) and mmap(2) are: no call of the C library. */
static char *unseen_pages(void)
{
	return (char *)gate_call(9, 0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static char *more_brk(void)
{
	char *at = (char *)gate_call(12, 0, 0, 0, 0, 0, 0);
	return gate_call(12, (long)at + 8192, 0, 0, 0, 0, 0) == (long)at + 8192 ? at : NULL;
}

int main(int count, char **arguments)
{
	pthread_t thread;
	void *module = dlopen(arguments[1], RTLD_NOW);
	MUST(count == 3 && module);
	library = (char *(*)(void))dlsym(module, "library_address");
	module = dlopen(arguments[2], RTLD_NOW);
	MUST(module);
	fixed = (char *(*)(void))dlsym(module, "fixed_address");
	char **first = arguments + count + 1;
	main_local = first_local;
	first_argument = arguments[0];
	first_variable = first[0];
	pointers = (char *)&arguments[1];
	brk_memory = more_brk();
	unseen = unseen_pages();
	MUST(brk_memory && library && fixed);
	MUST(pthread_create(&thread, NULL, stay, NULL) == 0);
	gate_wait(&pair_stayed, 1);
	touch();
	gate_open(&pair_stayed, 2);
	pthread_join(thread, NULL);
	return 0;
}
