// hostile: libc++'s std::call_once, whose flag one thread finds set by an inline load alone
// library: -DNDEBUG
// options: rewrite_skip=libcompanion.so
// times: 5
#include <stdio.h>
#include "pair.h"

void _ZNSt3__111__call_onceERVmPvPFvS2_E(
	volatile unsigned long *flag, void *argument, void (*routine)(void *argument));

static unsigned long flag;
static int made, seen;

static void make(void *value)
{
	made = *(int *)value;
}

static void call_once(void)
{
	int value = 7;
	if (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) != ~0ul)
		_ZNSt3__111__call_onceERVmPvPFvS2_E(&flag, &value, make);
}

static void first(void)
{
	call_once();
}

static void second(void)
{
	call_once();
	seen = made;
}

int main(void)
{
	pair_run(first, second);
	printf("%d\n", seen);
	return 0;
}
