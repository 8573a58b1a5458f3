// compilers: gcc clang clang-19
// Fibers made by makecontext, without a word to the detector: a thread's fibers are the thread. Each has its own callers, also
// where one is left in the midst of deep calls, ends in another one, and is begun again on the same memory.
// stack: write_value<side<pair_start
// stack: write_deep<recurse<run
// stack: write_ended<schedule<side<pair_start
#include "pair.h"
#include <stdio.h>
#include <ucontext.h>

enum { FIBERS = 4, STACK = 1 << 15, TURNS = 200 };

int value, deep, ended;
static __thread ucontext_t scheduler, fibers[FIBERS];
static __thread int now, turns[FIBERS], alive;
static __thread long sum;

__attribute__((noinline)) static void write_value(int to)
{
	value = to; // race: race-data
}

__attribute__((noinline)) static void write_deep(int to)
{
	deep = to; // race: race-data
}

__attribute__((noinline)) static void write_ended(int to)
{
	ended = to; // race: race-data
}

__attribute__((noinline)) static void yield(void)
{
	MUST(!swapcontext(&fibers[now], &scheduler));
}

__attribute__((noinline)) static void recurse(int depth)
{
	sum += depth;
	yield();
	if (depth)
		recurse(depth - 1);
	yield();
	if (depth == 3)
		write_deep(now);
}

static void run(int number)
{
	for (int i = 0; i < 5; i++) {
		recurse(number + i);
		sum++;
	}
	alive--;
}

__attribute__((noinline)) static void schedule(char (*stacks)[STACK])
{
	alive = 0;
	for (int i = 0; i < FIBERS; i++) {
		MUST(!getcontext(&fibers[i]));
		fibers[i].uc_stack.ss_sp = stacks[i];
		fibers[i].uc_stack.ss_size = STACK;
		fibers[i].uc_link = &scheduler;
		makecontext(&fibers[i], (void (*)(void))run, 1, i);
		turns[i] = 0;
		alive++;
	}
	int ends[FIBERS] = {0};
	while (alive)
		for (now = 0; now < FIBERS; now++) {
			if (ends[now])
				continue;
			int before = alive;
			MUST(!swapcontext(&scheduler, &fibers[now]));
			ends[now] = alive < before;
			turns[now]++;
		}
	write_ended(1);
}

static void side(void)
{
	char(*stacks)[STACK] = malloc(sizeof(*stacks) * FIBERS);
	for (int i = 0; i < 3; i++)
		schedule(stacks);
	free(stacks);
	write_value(1);
}

int main(void)
{
	pair_run(side, side);
	return 0;
}
