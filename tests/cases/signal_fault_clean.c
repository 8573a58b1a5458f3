// cflags: -fno-builtin
// A bad pointer's fault reaches the program's handler, which may jump away, or mend the page and return.
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "pair.h"

enum { PAGE = 4096 };

static __thread sigjmp_buf back;
static struct gate gate;
static char *page;
static int faults;
static volatile size_t sink;

static void jump(int number)
{
	siglongjmp(back, number);
}

static void mend(int number, siginfo_t *info, void *context)
{
	char copy[16];
	(void)number, (void)context;
	memset(copy, 'm', sizeof copy);
	MUST(info->si_addr == page);
	MUST(mprotect(page, PAGE, PROT_READ | PROT_WRITE) == 0);
	memcpy(page, copy, sizeof copy);
	__atomic_fetch_add(&faults, 1, __ATOMIC_RELAXED);
}

/* 0: no fault. Pointers that are not mapped, and one that is no address at all. */
static int probe(int way)
{
	const char *bad = way % 2 ? (const char *)(16 + (uintptr_t)way) : (const char *)0x8000000000000000u;
	char room[64] = "x";
	int number = sigsetjmp(back, 1);
	if (number)
		return number;
	switch (way / 2) {
	case 0:
		sink = strlen(bad);
		break;
	case 1:
		strcpy(room, bad);
		break;
	case 2:
		sink = (size_t)memcmp(bad, room, 3);
		break;
	default:
		snprintf(room, sizeof room, "%s", bad);
	}
	return 0;
}

static void *leave(void *unused)
{
	for (int way = 0; way < 8; way++)
		MUST(probe(way) == SIGSEGV);
	gate_open(&gate, 1);
	gate_wait(&gate, 2);
	return unused;
}

static void *mended(void *unused)
{
	for (int i = 0; i < 20; i++) {
		char room[64];
		MUST(mprotect(page, PAGE, PROT_NONE) == 0);
		MUST(strlen(page) == 16);
		MUST(pkey_mprotect(page, PAGE, PROT_NONE, -1) == 0);
		strcpy(room, page);
		MUST(strcmp(room, "mmmmmmmmmmmmmmmm") == 0);
	}
	return unused;
}

static int exit_status_of_child(void)
{
	int status;
	pid_t child = fork();
	if (!child)
		_exit(3);
	MUST(waitpid(child, &status, 0) == child);
	return WEXITSTATUS(status);
}

int main(void)
{
	pthread_t thread;
	struct sigaction action = {.sa_sigaction = mend, .sa_flags = SA_SIGINFO};
	signal(SIGSEGV, jump);
	MUST(pthread_create(&thread, NULL, leave, NULL) == 0);
	gate_wait(&gate, 1);
	printf("child %d\n", exit_status_of_child());
	fflush(stdout);
	gate_open(&gate, 2);
	pthread_join(thread, NULL);
	page = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MUST(page != MAP_FAILED);
	sigaction(SIGSEGV, &action, NULL);
	MUST(pthread_create(&thread, NULL, mended, NULL) == 0);
	pthread_join(thread, NULL);
	printf("%d faults, child %d\n", faults, exit_status_of_child());
	return 0;
}
