// Try-locks: who does not get one does something else.
#include "../idiom.h"

static atomic_int l;
static long c;

static bool try_(void)
{
	int e = 0;
	return COMPARE_EXCHANGE(&l, &e, 1, acquire, relaxed);
}

static void *any(void *x)
{
	for (long i = 0; i < rounds; i++) {
		for (int k = 0; !try_(); k++)
			if (k > 10)
				usleep(1);
		c++;
		atomic_store(&l, 0);
		if (BROKEN)
			c++;
	}
	return x;
}

static int body(void)
{
	run_all(3, any);
	TELL("%ld", c);
	return 0;
}
