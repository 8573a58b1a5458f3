// compilers: gcc clang clang-19
// setjmp and longjmp in all their forms, also out of handlers and between the stacks of fibers: locks that are held across
// a jump stay held, and what is in order stays in order.
#include "pair.h"
#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

enum { ROUNDS = 200, STACK = 1 << 16 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long counted;
static __thread jmp_buf back, into;
static __thread sigjmp_buf signals_back;
static __thread volatile long own;

__attribute__((noinline)) static void deep(int depth, int value)
{
	own++;
	if (!depth)
		longjmp(back, value);
	deep(depth - 1, value);
	own++;
}

static void on_signal(int number)
{
	own++;
	siglongjmp(signals_back, number);
}

__attribute__((noinline)) static void under_lock(int i)
{
	int value = setjmp(back);
	if (!value) {
		pthread_mutex_lock(&mutex);
		counted++;
		deep(i % 50, i + 1);
	}
	MUST(value == i + 1);
	counted++;
	pthread_mutex_unlock(&mutex);
}

__attribute__((noinline)) static void by_signal(void)
{
	if (!sigsetjmp(signals_back, 1))
		pthread_kill(pthread_self(), SIGUSR1);
	if (!_setjmp(back))
		_longjmp(back, 1);
	pthread_mutex_lock(&mutex);
	counted++;
	pthread_mutex_unlock(&mutex);
}

static __thread ucontext_t thread_context, fiber_context;
static __thread volatile int fiber_turns;

static void fiber(void)
{
	while (!_setjmp(into))
		_longjmp(back, 1); /* to the thread's stack, which comes back by the same means */
	pthread_mutex_lock(&mutex);
	counted++;
	pthread_mutex_unlock(&mutex);
	fiber_turns++;
	setcontext(&thread_context);
}

__attribute__((noinline)) static void between_stacks(char *stack)
{
	fiber_turns = 0;
	MUST(!getcontext(&fiber_context));
	fiber_context.uc_stack.ss_sp = stack;
	fiber_context.uc_stack.ss_size = STACK;
	makecontext(&fiber_context, fiber, 0);
	MUST(!getcontext(&thread_context));
	if (fiber_turns)
		return;
	if (!_setjmp(back))
		setcontext(&fiber_context);
	_longjmp(into, 1);
}

static void *work(void *argument)
{
	char *stack = malloc(STACK);
	for (int i = 0; i < ROUNDS; i++) {
		under_lock(i);
		by_signal();
		between_stacks(stack);
	}
	free(stack);
	return argument;
}

int main(void)
{
	pthread_t threads[3];
	signal(SIGUSR1, on_signal);
	for (int i = 0; i < 3; i++)
		MUST(!pthread_create(&threads[i], NULL, work, NULL));
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return counted == 3l * ROUNDS * 4 ? 0 : 1;
}
