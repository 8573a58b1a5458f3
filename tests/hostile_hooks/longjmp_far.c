// hostile: longjmp over 1 to 5,000 frames, 2,000 times, in two threads, also out of a signal handler; then stacks are right
// compilers: gcc clang
// expect: race-data
// at: race_first<work race_second<work
// peak: 200
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include "planted.h"
enum { TIMES = 2000 };
static struct gate gate;
static __thread sigjmp_buf back;
static long sums[2];
static void on_signal(int number)
{
	siglongjmp(back, 1);
}
static __attribute__((noinline, noclone)) int recurse(long *sum, int depth, int how)
{
	*sum += depth;
	if (!depth && how)
		pthread_kill(pthread_self(), SIGUSR1);
	if (!depth)
		siglongjmp(back, 1);
	return recurse(sum, depth - 1, how) + 1;
}
static void *work(void *argument)
{
	long which = (long)argument;
	for (volatile int i = 0; i < TIMES; i++)
		if (!sigsetjmp(back, 1))
			recurse(&sums[which], i * 7 % 5000, i % 2);
	gate_wait(&gate, which);
	which ? race_second() : race_first();
	gate_open(&gate, which + 1);
	return argument;
}
int main(void)
{
	pthread_t threads[2];
	signal(SIGUSR1, on_signal);
	for (long i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, (void *)i);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%ld %ld\n", sums[0], sums[1]);
	return 0;
}
