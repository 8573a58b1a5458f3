// Drepper's third futex mutex: free, taken, taken with waiters.
#include "../idiom.h"

static atomic_int w;
static long count;

static void fw(int v)
{
	syscall(SYS_futex, &w, FUTEX_WAIT_PRIVATE, v, NULL, NULL, 0);
}

static void lock(void)
{
	int c = 0;
	if (COMPARE_EXCHANGE(&w, &c, 1, acquire, relaxed))
		return;
	if (c != 2)
		c = EXCHANGE(&w, 2, acquire);
	while (c) {
		fw(2);
		c = EXCHANGE(&w, 2, acquire);
	}
}

static void unlock(void)
{
	if (SUB(&w, 1, release) != 1) {
		STORE(&w, 0, release);
		syscall(SYS_futex, &w, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	}
}

static void *any(void *x)
{
	for (long i = 0; i < rounds; i++) {
		lock();
		count++;
		unlock();
		if (BROKEN)
			count++;
	}
	return x;
}

static int body(void)
{
	run_all(3, any);
	TELL("%ld", count);
	return 0;
}
