// hostile: faults of loads, stores and atomics that the handler mends, so that the access goes through, in three threads
// compilers: gcc clang
// expect: race-data
// at: race_first race_second
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include "planted.h"
enum { PAGES = 300, PAGE = 4096, WAYS = 5 };
static struct gate gate;
static int faults;
static long sums[3];
static void on_fault(int number, siginfo_t *info, void *context)
{
	__atomic_fetch_add(&faults, 1, __ATOMIC_RELAXED);
	mprotect((void *)((uintptr_t)info->si_addr & -PAGE), PAGE, PROT_READ | PROT_WRITE);
}
static long run(void)
{
	char *pages = mmap(NULL, PAGES * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long sum = 0;
	mprotect(pages + PAGES / 2 * PAGE, PAGES / 2 * PAGE, PROT_NONE);
	for (int i = 0; i < PAGES; i++) {
		volatile long *word = (volatile long *)(pages + i * PAGE + 8 * (i % 512));
		switch (i % WAYS) {
		case 0:
			*word = i;
			break;
		case 1:
			*word += i;
			break;
		case 2:
			__atomic_store_n(word, i, __ATOMIC_RELEASE);
			break;
		case 3:
			__atomic_fetch_add(word, i, __ATOMIC_ACQ_REL);
			break;
		case 4:
			__sync_bool_compare_and_swap(word, 0, i);
			break;
		}
		sum += *word;
	}
	munmap(pages, PAGES * PAGE);
	return sum;
}
static void *work(void *argument)
{
	long which = (long)argument;
	sums[which] = run();
	gate_wait(&gate, which);
	which ? race_second() : race_first();
	gate_open(&gate, which + 1);
	return argument;
}
int main(void)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};
	sigaction(SIGSEGV, &action, NULL);
	pthread_t threads[2];
	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	sums[2] = run();
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%ld %ld %ld, %d faults\n", sums[0], sums[1], sums[2],
		__atomic_load_n(&faults, __ATOMIC_RELAXED));
	return 0;
}
