// A spin lock by an exchange in inline assembly; who gives it back stores plainly.
#include "../idiom.h"

static volatile int lock;
static long counter;

static inline int exchange(volatile int *place, int value)
{
	__asm__ volatile("xchgl %0, %1" : "+r"(value), "+m"(*place)::"memory");
	return value;
}

static void take(void)
{
	while (exchange(&lock, 1))
		while (lock)
			relax();
}

static void give(void)
{
	__asm__ volatile("" ::: "memory");
	lock = 0;
}

static void *count(void *x)
{
	for (long i = 0; i < rounds; i++) {
		take();
		counter++;
		give();
		if (BROKEN)
			counter++;
	}
	return x;
}

static int body(void)
{
	run_all(3, count);
	TELL("%ld", counter);
	return 0;
}
