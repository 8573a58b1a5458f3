/* One of several things that a program, or the system, does to executable memory before there is a second thread; then work by
 * three threads, whose sum is printed. */
#define _GNU_SOURCE
#include "../rewrite/confine.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#endif

enum { THREADS = 3, ROUNDS = 20000, PAGE = 4096 };
static const intptr_t reach = (intptr_t)1 << 31, step = 1 << 20;

static uint64_t table[64], shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static uint64_t (*made)(uint64_t value);

/* Every page that is free within 2 GiB of the code. */
static void fill_space(void)
{
	uintptr_t here = (uintptr_t)fill_space & ~(uintptr_t)(step - 1);
	for (intptr_t bytes = step; bytes >= PAGE; bytes /= 16)
		for (intptr_t at = -reach - step; at < reach + step; at += bytes)
			mmap((void *)(here + (uintptr_t)at), (size_t)bytes, PROT_NONE,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
}

/* lea 3(%rdi,%rdi,2), %rax; ret */
static const uint8_t code[] = {0x48, 0x8d, 0x44, 0x7f, 0x03, 0xc3};

static void make_code(void)
{
	uint8_t *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(page, code, sizeof(code));
	mprotect(page, PAGE, PROT_READ | PROT_EXEC);
	memcpy(&made, &page, sizeof(made));
}

__attribute__((noinline, aligned(64))) static uint64_t change_me(uint64_t value)
{
	return value * 5 + table[value & 63];
}

/* Writes another function over one of the text. */
static void change_text(void)
{
	uintptr_t page = (uintptr_t)change_me & ~(uintptr_t)(PAGE - 1);
	mprotect((void *)page, 2 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
	memcpy((void *)(uintptr_t)change_me, code, sizeof(code));
	mprotect((void *)page, 2 * PAGE, PROT_READ | PROT_EXEC);
	made = change_me;
}

/* As packers do: the program is in memory only, and is executed from there. */
static void execute_copy(char **arguments)
{
	char buffer[65536];
	int from = open("/proc/self/exe", O_RDONLY), to = memfd_create("unpacked", 0);
	for (ssize_t bytes; (bytes = read(from, buffer, sizeof(buffer))) > 0;)
		if (write(to, buffer, (size_t)bytes) != bytes)
			exit(1);
	char *const words[] = {arguments[0], "nothing", NULL};
	fexecve(to, words, environ);
	exit(1);
}

static __thread ucontext_t here, there;

static void run_there(void)
{
	for (int i = 0;; i++) {
		pthread_mutex_lock(&mutex);
		shared += (uint64_t)i % 3;
		pthread_mutex_unlock(&mutex);
		swapcontext(&there, &here);
	}
}

static void *work(void *argument)
{
	uint64_t sum = (uint64_t)(uintptr_t)argument;
	char *stack = malloc(65536);
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = 65536;
	makecontext(&there, run_there, 0);
	for (uint64_t i = 0; i < ROUNDS; i++) {
		sum = sum * 31 + (made ? made(i) : change_me(i));
		if (i % 1000 == 0)
			swapcontext(&here, &there);
	}
	pthread_mutex_lock(&mutex);
	shared += sum;
	pthread_mutex_unlock(&mutex);
	free(stack);
	return argument;
}

static void prepare(const char *what, char **arguments)
{
	if (!strcmp(what, "no-memory-files"))
		confine_memory_files();
	else if (!strcmp(what, "no-executable"))
		confine_executable_memory(false);
	else if (!strcmp(what, "no-executable-maps"))
		confine_executable_memory(true);
	else if (!strcmp(what, "neither")) {
		confine_memory_files();
		confine_executable_memory(true);
	} else if (!strcmp(what, "write-xor-execute")) {
		if (prctl(PR_SET_MDWE, 1, 0, 0, 0))
			exit(77);
	} else if (!strcmp(what, "no-space"))
		fill_space();
	else if (!strcmp(what, "made-code"))
		make_code();
	else if (!strcmp(what, "changed-text"))
		change_text();
	else if (!strcmp(what, "unpacked"))
		execute_copy(arguments);
}

int main(int count, char **arguments)
{
	pthread_t threads[THREADS];
	for (unsigned i = 0; i < 64; i++)
		table[i] = i * i;
	if (count > 1)
		prepare(arguments[1], arguments);
	for (uintptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, (void *)(i + 1)))
			return 1;
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%llu\n", (unsigned long long)shared);
	return 0;
}
