// A worker works until it is told to stop. What it was told goes through a volatile variable of its own, as some libraries' macros for
// atomic loads have it.
// not at: -O0
#include "../idiom.h"

static atomic_int stop;
static long done, result;

static inline __attribute__((always_inline)) int look(void)
{
	volatile int told = LOAD(&stop, acquire);
	return told;
}

static void *worker(void *x)
{
	do {
		done++;
		free(malloc(8));
	} while (!look());
	return (void *)(done + result);
}

static void *boss(void *x)
{
	usleep(20000);
	if (!BROKEN)
		result = 5;
	STORE(&stop, 1, release);
	if (BROKEN)
		result = 5;
	return x;
}

static int body(void)
{
	run_two(worker, boss);
	puts("ok");
	return 0;
}
