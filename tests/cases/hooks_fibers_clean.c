// A fiber that is left in one thread and taken up in another: its own past stays in order, and so does its stack.
#include "pair.h"
#include <sanitizer/tsan_interface.h>
#include <ucontext.h>

static ucontext_t fiber_context, threads_context[2];
static void *fiber, *threads_fiber[2];
static char stack[1 << 16] __attribute__((aligned(16)));
static int data, by_fiber;

static __attribute__((noinline)) void leave(int to)
{
	by_fiber++;
	__tsan_switch_to_fiber(threads_fiber[to], 0);
	MUST(swapcontext(&fiber_context, &threads_context[to]) == 0);
	by_fiber++;
}

static void run_fiber(void)
{
	data++;
	leave(0);
	data++;
	leave(1);
}

static void take_up(int thread)
{
	threads_fiber[thread] = __tsan_get_current_fiber();
	data++;
	__tsan_switch_to_fiber(fiber, 0);
	MUST(swapcontext(&threads_context[thread], &fiber_context) == 0);
	MUST(__tsan_get_current_fiber() == threads_fiber[thread]);
	data++;
}

static void first(void)
{
	take_up(0);
	__tsan_release(&data);
}

static void second(void)
{
	__tsan_acquire(&data);
	take_up(1);
}

int main(void)
{
	fiber = __tsan_create_fiber(0);
	__tsan_set_fiber_name(fiber, "worker");
	MUST(getcontext(&fiber_context) == 0);
	fiber_context.uc_stack.ss_sp = stack;
	fiber_context.uc_stack.ss_size = sizeof stack;
	makecontext(&fiber_context, run_fiber, 0);
	pair_run(first, second);
	__tsan_destroy_fiber(fiber);
	MUST(data == 6 && by_fiber == 3);
	return 0;
}
