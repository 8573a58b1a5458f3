// Variables of a stack frame that another thread has the address of, and stacks without frame pointers.
// stack: deep<middle<outer
#include "pair.h"

static volatile long *shared;

static __attribute__((noinline)) void deep(volatile long *at)
{
	*at += 3; // race: race-data local
	__asm__ volatile("" ::: "memory");
}

static __attribute__((noinline)) void middle(volatile long *at)
{
	deep(at);
	__asm__ volatile("" ::: "memory");
}

static __attribute__((noinline)) void outer(void)
{
	middle(shared);
	__asm__ volatile("" ::: "memory");
}

static void *other(void *argument)
{
	gate_wait(argument, 1);
	outer();
	gate_open(argument, 2);
	return NULL;
}

int main(void)
{
	struct gate gate = {0};
	volatile long local = 0;
	pthread_t thread;
	shared = &local;
	pthread_create(&thread, NULL, other, &gate);
	local += 2; // race: race-data local
	gate_open(&gate, 1);
	gate_wait(&gate, 2);
	pthread_join(thread, NULL);
	return 0;
}
