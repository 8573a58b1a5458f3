// A signal handler says that something happened.
#include "../idiom.h"

static volatile sig_atomic_t got;
static long data, hits;

static void h(int s)
{
	(void)s;
	got = 1;
	if (BROKEN)
		data++;
}

static void *wk(void *x)
{
	while (!got) {
		if (BROKEN)
			data++;
		sched_yield();
	}
	hits++;
	return x;
}

static void *boss(void *x)
{
	usleep(300);
	raise(SIGUSR1);
	return x;
}

static int body(void)
{
	signal(SIGUSR1, h);
	run_two(wk, boss);
	printf("%ld\n", hits);
	return 0;
}
