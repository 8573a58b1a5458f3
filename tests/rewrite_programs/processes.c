// transparent: fork, vfork, posix_spawn, clone from rewritten programs with several threads, under timers
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

extern char __executable_start, etext, **environ;
static volatile int stop;
static long foreign, samples, table[512];

static long work(long *words, long rounds)
{
	long sum = 0;
	for (long round = 0; round < rounds; round++)
		for (int i = 0; i < 200; i++) {
			words[i] = words[(i * 7) % 200] * 3 + round;
			sum ^= words[i];
		}
	return sum;
}

static long expected(long rounds)
{
	long *words = calloc(512, sizeof(long)), sum = work(words, rounds);
	free(words);
	return sum;
}

/* A profiler: the program's own addresses, or the C library's, nothing else. */
static void on_sample(int number, siginfo_t *info, void *context)
{
	uintptr_t pc = ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
	int within = pc >= (uintptr_t)&__executable_start && pc < (uintptr_t)&etext;
	table[number]++;
	__atomic_fetch_add(&samples, within, __ATOMIC_RELAXED);
}

static void *spin(void *argument)
{
	static __thread long words[512];
	long wanted = expected(50);
	while (!stop) {
		memset(words, 0, sizeof(words));
		if (work(words, 50) != wanted)
			__atomic_fetch_add(&foreign, 1, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void forks(void)
{
	long wanted = expected(100), bad = 0;
	for (int i = 0; i < 30; i++) {
		int status = 0;
		pid_t child = fork();
		if (!child) {
			pthread_t thread;
			stop = 0;
			pthread_create(&thread, NULL, spin, NULL);
			int right = expected(100) == wanted;
			stop = 1;
			pthread_join(thread, NULL);
			_exit(right && !foreign ? 7 : 8);
		}
		while (waitpid(child, &status, 0) < 0)
			;
		bad += WEXITSTATUS(status) != 7;
	}
	printf("forks: bad %ld\n", bad);
}

static void spawns(void)
{
	char *arguments[] = {"/bin/sh", "-c", "exit 5", NULL};
	long bad = 0;
	for (int i = 0; i < 20; i++) {
		pid_t child;
		int status = 0;
		if (i % 2) {
			posix_spawn(&child, arguments[0], NULL, NULL, arguments, environ);
		} else if (!(child = vfork())) {
			table[i] += work(table + 256, 3); /* in the parent's memory */
			execve(arguments[0], arguments, environ);
			_exit(9);
		}
		while (waitpid(child, &status, 0) < 0)
			;
		bad += WEXITSTATUS(status) != 5;
	}
	printf("spawns: bad %ld\n", bad);
}

static int child_words(void *argument)
{
	long *words = argument;
	words[300] = work(words, 400);
	return 3;
}

/* A child in the same memory, while its parent waits. */
static void clones(int flags, const char *name)
{
	long bad = 0, wanted = expected(400);
	char *stack = mmap(NULL, 1 << 18, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < 20; i++) {
		long *words = calloc(512, sizeof(long));
		int status = 0;
		pid_t child = clone(child_words, stack + (1 << 18), flags | SIGCHLD, words);
		while (waitpid(child, &status, 0) < 0)
			;
		bad += WEXITSTATUS(status) != 3 || words[300] != (flags & CLONE_VM ? wanted : 0);
		free(words);
	}
	printf("clones %s: bad %ld\n", name, bad);
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = on_sample, .sa_flags = SA_SIGINFO | SA_RESTART};
	sigaction(SIGPROF, &action, NULL);
	pthread_t threads[2];
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, spin, NULL);
	struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0}};
	setitimer(ITIMER_PROF, &often, NULL);
	forks();
	spawns();
	clones(CLONE_VM | CLONE_VFORK, "vfork");
	clones(CLONE_VM, "memory");
	clones(0, "copy");
	usleep(300000);
	setitimer(ITIMER_PROF, &never, NULL);
	stop = 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("wrong sums %ld, samples %s\n", foreign, samples > 20 ? "many" : "few");
	return 0;
}
