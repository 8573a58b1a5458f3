/* Two stacks in one thread: each has its own callers, whichever the thread ran last. */
#include "pair.h"

#include <ucontext.h>

int value, other;
static ucontext_t thread_context, inner_context;

__attribute__((noinline)) static void write_other(int to)
{
	other = to; // race: race-data
}

__attribute__((noinline)) static void write_value(int to)
{
	value = to; // race: race-data
}

static void inner(void)
{
	write_other(1);
	MUST(!swapcontext(&inner_context, &thread_context));
	write_other(2);
	setcontext(&thread_context);
}

static void first(void)
{
	static char stack[1 << 16];
	MUST(!getcontext(&inner_context));
	inner_context.uc_stack.ss_sp = stack;
	inner_context.uc_stack.ss_size = sizeof(stack);
	makecontext(&inner_context, inner, 0);
	MUST(!swapcontext(&thread_context, &inner_context));
	write_value(1);
	MUST(!swapcontext(&thread_context, &inner_context));
}

static void second(void)
{
	write_value(2);
	write_other(3);
}

int main(void)
{
	pair_run(first, second);
	return 0;
}
