// transparent: stacks that end: overflow on alternate stacks, recursion to the last page, small stacks
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STACK = 128 << 10, SMALL = 64 << 10 };
static __thread sigjmp_buf back;
static __thread uintptr_t low, high;
static volatile int overflows, elsewhere;
static long shared[256];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void on_fault(int number, siginfo_t *info, void *context)
{
	uintptr_t address = (uintptr_t)info->si_addr;
	/* the guard, or just below the lowest page */
	if (address < low + 8192 && address + 65536 > low)
		__atomic_fetch_add(&overflows, 1, __ATOMIC_RELAXED);
	else
		__atomic_fetch_add(&elsewhere, 1, __ATOMIC_RELAXED);
	siglongjmp(back, 1);
}

__attribute__((noinline)) static long recurse(volatile long *above, long depth)
{
	volatile long local[12];
	for (int i = 0; i < 12; i++)
		local[i] = above[i] + depth;
	__atomic_fetch_add(&shared[depth & 255], 1, __ATOMIC_RELAXED);
	return depth ? recurse(local, depth - 1) + local[3] : local[0];
}

static void find_stack(void)
{
	pthread_attr_t attributes;
	void *address;
	size_t bytes;
	pthread_getattr_np(pthread_self(), &attributes);
	pthread_attr_getstack(&attributes, &address, &bytes);
	pthread_attr_destroy(&attributes);
	low = (uintptr_t)address;
	high = low + bytes;
}

/* Few frames: the deeper the stack is, the longer takes every walk of it. */
static void *overflow(void *argument)
{
	volatile long first[12] = {0};
	void *alternate = malloc(65536);
	stack_t stack = {.ss_sp = alternate, .ss_size = 65536};
	sigaltstack(&stack, NULL);
	find_stack();
	for (int i = 0; i < 4; i++) {
		if (!sigsetjmp(back, 1))
			recurse(first, INT64_MAX);
		/* whatever the engine was at, it still works */
		pthread_mutex_lock(&mutex);
		shared[7]++;
		pthread_mutex_unlock(&mutex);
	}
	stack = (stack_t){.ss_flags = SS_DISABLE};
	sigaltstack(&stack, NULL);
	free(alternate);
	return NULL;
}

/* As deep as it goes natively. */
static void *nearly(void *argument)
{
	volatile long first[12] = {0};
	find_stack();
	long room = (long)((uintptr_t)first - low) - 2048, sum = 0;
	for (long depth = 10; depth * 300 < room; depth += 20)
		sum += recurse(first, depth);
	return (void *)sum;
}

static void run(const char *name, void *(*function)(void *), size_t bytes, int count)
{
	pthread_t threads[8];
	pthread_attr_t attributes;
	void *result = NULL, *sum = NULL;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, bytes);
	for (int i = 0; i < count; i++)
		pthread_create(&threads[i], &attributes, function, NULL);
	for (int i = 0; i < count; i++) {
		pthread_join(threads[i], &result);
		sum = (void *)((long)sum + (result != NULL));
	}
	printf("%s %zu: %ld, overflows %d, elsewhere %d\n", name, bytes, (long)sum, overflows, elsewhere);
}

static void die_of_it(int handled)
{
	volatile long first[12] = {0};
	int status;
	fflush(NULL);
	pid_t child = fork();
	if (!child) {
		struct rlimit none = {0, 0};
		setrlimit(RLIMIT_CORE, &none);
		if (!handled)
			signal(SIGSEGV, SIG_DFL);
		_exit((int)recurse(first, INT64_MAX));
	}
	waitpid(child, &status, 0);
	printf("death: signal %d\n", WTERMSIG(status));
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	sigaction(SIGSEGV, &action, NULL);
	run("overflow", overflow, STACK, 4);
	run("overflow", overflow, SMALL, 4);
	run("nearly", nearly, STACK, 4);
	run("nearly", nearly, SMALL, 4);
	run("nearly", nearly, 16384, 4);
	overflow(NULL);
	printf("main: overflows %d, elsewhere %d\n", overflows, elsewhere);
	die_of_it(0);
	die_of_it(1); /* without an alternate stack there is nowhere to run the handler */
	return 0;
}
