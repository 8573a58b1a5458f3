// hostile: a SIGSEGV handler makes the page readable and returns; others step over the instruction; texts lie in such pages
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>
enum { PAGES = 200 };
static char *range;
static volatile int faults;
static void on_segv(int number, siginfo_t *info, void *context)
{
	char *page = (char *)((unsigned long)info->si_addr & ~4095ul);
	__atomic_fetch_add(&faults, 1, __ATOMIC_RELAXED);
	if (page < range || page >= range + PAGES * 4096) {
		((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 3;
		return;
	}
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
	strcpy(page, "paged in");
}
static void *work(void *argument)
{
	char copy[100];
	int self = argument != NULL;
	for (int i = self; i < PAGES; i += 2) {
		char *page = range + i * 4096;
		switch (i / 2 % 5) {
		case 0:
			strcpy(copy, page);
			break;
		case 1:
			snprintf(copy, sizeof(copy), "%s", page);
			break;
		case 2:
			memcpy(copy, page, 50);
			break;
		case 3:
			strlen(page);
			strcpy(copy, page);
			break;
		case 4:
			if (strcmp(page, "paged in"))
				puts("differs");
			strcpy(copy, page);
		}
		if (strcmp(copy, "paged in"))
			puts(copy);
	}
	return argument;
}
int main(void)
{
	struct sigaction action = {.sa_sigaction = on_segv, .sa_flags = SA_SIGINFO};
	pthread_t thread;
	sigaction(SIGSEGV, &action, NULL);
	range = mmap(NULL, PAGES * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_create(&thread, NULL, work, "");
	work(NULL);
	pthread_join(thread, NULL);
	printf("%d\n", faults);
	__asm__ volatile(".byte 0x48, 0x8b, 0x00" : : "a"(8) : "memory");
	printf("%d\n", faults);
	return 0;
}
