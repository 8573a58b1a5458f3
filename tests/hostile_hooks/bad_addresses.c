// hostile: loads, stores and atomics at addresses that are none: signal, code and address are as without hooks, 4,000 times
// compilers: gcc clang
// cflags: -mcx16
// expect: race-data
// at: race_first<first race_second<second
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include "planted.h"
enum { ROUNDS = 50, PAGE = 4096 };
static __thread sigjmp_buf back;
static __thread siginfo_t seen;
static struct gate gate;
static volatile long sink;
static void on_fault(int number, siginfo_t *info, void *context)
{
	seen = *info;
	siglongjmp(back, number);
}
static __attribute__((noinline)) void touch(int way, void *at)
{
	switch (way) {
	case 0:
		sink = *(volatile char *)at;
		break;
	case 1:
		*(volatile int *)at = 1;
		break;
	case 2:
		*(volatile long *)at += 1;
		break;
	case 3:
		sink = __atomic_load_n((long *)at, __ATOMIC_ACQUIRE);
		break;
	case 4:
		__atomic_store_n((int *)at, 1, __ATOMIC_RELEASE);
		break;
	case 5:
		sink = __atomic_fetch_add((short *)at, 1, __ATOMIC_SEQ_CST);
		break;
	case 6:
		sink = __sync_val_compare_and_swap((long *)at, 1, 2);
		break;
	case 7:
		sink = (long)*(volatile __int128 *)at;
		break;
	}
}
/* What all faults were, as one number; -1 where one differs from the first of its kind. */
static long probe(int way, void *at, int rounds)
{
	volatile long first = -2;
	for (volatile int i = 0; i < rounds; i++) {
		int number = sigsetjmp(back, 1);
		if (!number) {
			touch(way, at);
			return -3;
		}
		long what = number * 1000 + seen.si_code * 10000 +
			    ((uintptr_t)seen.si_addr - (uintptr_t)at) % 1000;
		if (seen.si_code ==
			SI_KERNEL) /* no address, and the signal depends on the register that held it */
			what = SI_KERNEL + (long)seen.si_addr;
		if (first == -2)
			first = what;
		else if (what != first)
			return -1;
	}
	return first;
}
static long results[2][8][8];
static void probe_all(int which, int rounds)
{
	char *none = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	/* where nobody else's mapping comes */
	char *gone = mmap(
		(void *)0x100000000000, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(gone, PAGE);
	mprotect(none + PAGE, PAGE, PROT_READ);
	void *addresses[8] = {NULL, (void *)64, none, none + PAGE + 64, gone, (void *)0x8000000000000000,
		(void *)0xffff800000000000, (void *)-16};
	for (int way = 0; way < 8; way++)
		for (int i = 0; i < 8; i++)
			if (addresses[i] != none + PAGE + 64 || (way != 0 && way != 3 && way != 7))
				results[which][way][i] = probe(way, addresses[i], rounds);
	munmap(none, 3 * PAGE);
}
static void *first(void *argument)
{
	probe_all(1, ROUNDS);
	race_first();
	gate_open(&gate, 1);
	return argument;
}
static void *second(void *argument)
{
	gate_wait(&gate, 1);
	race_second();
	return argument;
}
int main(void)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	probe_all(0, 3); /* there is one thread only */
	pthread_t threads[2];
	pthread_create(&threads[0], NULL, first, NULL);
	pthread_create(&threads[1], NULL, second, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	for (int which = 0; which < 2; which++)
		for (int way = 0; way < 8; way++)
			for (int i = 0; i < 8; i++)
				printf("%d %d %d: %ld\n", which, way, i, results[which][way][i]);
	return 0;
}
