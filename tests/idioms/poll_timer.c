// A flag that is polled between short sleeps.
#include "../idiom.h"

static atomic_int flag;
static long data;

static void *wr(void *x)
{
	usleep(700);
	if (!BROKEN)
		data = 8;
	STORE(&flag, 1, release);
	if (BROKEN)
		data = 8;
	return x;
}

static void *rd(void *x)
{
	struct timespec t = {0, 100000};
	int tries = 0;
	while (LOAD(&flag, acquire) == 0 && tries++ < 10000)
		nanosleep(&t, NULL);
	return (void *)data;
}

static int body(void)
{
	run_two(wr, rd);
	puts("ok");
	return 0;
}
