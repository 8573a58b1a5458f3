// hostile: stack overflows in plain stores, caught on another stack and left by siglongjmp, in main and in threads
// compilers: gcc clang
// run: ulimit -s 1024
// expect: race-data
// at: race_first<first race_second<second
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include "planted.h"
enum { TIMES = 20, STACK = 65536 };
static __thread sigjmp_buf back;
static __thread volatile int overflows;
static __thread void *fault;
static volatile int sink;
static struct gate gate;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int sum;
static __attribute__((noinline)) int recurse(int depth)
{
	volatile char frame[200];
	frame[depth % 200] = (char)depth;
	sink = recurse(depth + 1) + frame[depth % 200];
	return sink;
}
static void on_segv(int number, siginfo_t *info, void *context)
{
	overflows++;
	fault = info->si_addr;
	siglongjmp(back, number);
}
static int overflow(void)
{
	char here;
	stack_t stack = {.ss_sp = malloc(STACK), .ss_size = STACK};
	sigaltstack(&stack, NULL);
	int near = 1;
	for (volatile int i = 0; i < TIMES; i++)
		if (!sigsetjmp(back, 1))
			recurse(0);
		else
			near &= (char *)fault < &here && (char *)fault > &here - (16 << 20);
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, NULL);
	free(stack.ss_sp);
	pthread_mutex_lock(&mutex);
	sum += near * overflows;
	pthread_mutex_unlock(&mutex);
	return 0;
}
static void *first(void *argument)
{
	overflow();
	race_first();
	gate_open(&gate, 1);
	return argument;
}
static void *second(void *argument)
{
	overflow();
	gate_wait(&gate, 1);
	race_second();
	return argument;
}
int main(void)
{
	struct sigaction action = {.sa_sigaction = on_segv, .sa_flags = SA_ONSTACK | SA_SIGINFO};
	sigaction(SIGSEGV, &action, NULL);
	pthread_t threads[2];
	pthread_create(&threads[0], NULL, first, NULL);
	pthread_create(&threads[1], NULL, second, NULL);
	overflow();
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%d\n", sum);
	return 0;
}
