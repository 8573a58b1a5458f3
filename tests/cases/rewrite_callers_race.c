// Frames that lie where others lay: the same functions called by others, after a return and after a longjmp.
// stack: leaf<middle<first
// stack: leaf<middle<second
// stack: leaf<middle<leaves
// stack: leaf<middle<third
#include "pair.h"

#include <setjmp.h>

static volatile long variables[4];
static jmp_buf back;

static __attribute__((noinline)) void leaf(volatile long *at, int leave)
{
	*at += 3; // race: race-data a; race-data b; race-data c; race-data d
	if (leave)
		longjmp(back, 1);
}

static __attribute__((noinline)) void middle(volatile long *at, int leave)
{
	leaf(at, leave);
	__asm__ volatile("" ::: "memory");
}

/* All with frames of one size. */
#define CALLER(name, index, leave)                                                                           \
	static __attribute__((noinline)) void name(void)                                                     \
	{                                                                                                    \
		middle(&variables[index], leave);                                                            \
		__asm__ volatile("" ::: "memory");                                                           \
	}
CALLER(first, 0, 0)
CALLER(second, 1, 0)
CALLER(leaves, 2, 1)
CALLER(third, 3, 0)

static void *other(void *argument)
{
	gate_wait(argument, 1);
	first();
	second();
	if (!setjmp(back))
		leaves();
	third();
	gate_open(argument, 2);
	return NULL;
}

int main(void)
{
	struct gate gate = {0};
	pthread_t thread;
	pthread_create(&thread, NULL, other, &gate);
	variables[0] += 2; // race: race-data a
	variables[1] += 2; // race: race-data b
	variables[2] += 2; // race: race-data c
	variables[3] += 2; // race: race-data d
	gate_open(&gate, 1);
	gate_wait(&gate, 2);
	pthread_join(thread, NULL);
	return 0;
}
