// hostile: atomics of 16 bytes, on and beside multiples of 16: they go through or fault as without hooks
// compilers: gcc clang
// cflags: -mcx16 -latomic
// expect: race-data
// at: race_first race_second
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include "planted.h"
enum { PAGE = 4096, OFFSETS = 64 };
static char memory[2 * PAGE] __attribute__((aligned(4096)));
static __thread sigjmp_buf back;
static struct gate gate;
static char results[2][OFFSETS + 1];
static void on_fault(int number)
{
	siglongjmp(back, number);
}
static __attribute__((noinline)) void exchange(char *at)
{
	unsigned __int128 *word = (unsigned __int128 *)at, old = 0;
	__asm__("" : "+r"(word)); /* nothing is known of where it points */
	while (!__atomic_compare_exchange_n(word, &old, old + 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_ACQUIRE))
		;
}
static void probe(int which)
{
	char *from = memory + which * OFFSETS * 4;
	for (volatile int offset = 0; offset < OFFSETS; offset++)
		if (sigsetjmp(back, 1))
			results[which][offset] = 'f';
		else {
			exchange(from + offset);
			results[which][offset] = '.';
		}
}
static void *work(void *argument)
{
	long which = (long)argument;
	probe((int)which);
	gate_wait(&gate, which);
	which ? race_second() : race_first();
	gate_open(&gate, which + 1);
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	signal(SIGSEGV, on_fault);
	signal(SIGBUS, on_fault);
	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%s\n%s\n", results[0], results[1]);
	return 0;
}
