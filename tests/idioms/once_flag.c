// Double-checked locking of a table, with a flag that says that it is filled.
#include "../idiom.h"

static atomic_bool ready;
static long table[16];
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void need(void)
{
	if (LOAD(&ready, acquire))
		return;
	pthread_mutex_lock(&m);
	if (!LOAD(&ready, relaxed)) {
		if (BROKEN)
			STORE(&ready, true, release);
		for (int i = 0; i < 16; i++)
			table[i] = i * rounds;
		if (!BROKEN)
			STORE(&ready, true, release);
	}
	pthread_mutex_unlock(&m);
}

static void *any(void *x)
{
	long s = 0;
	for (long i = 0; i < rounds; i++) {
		need();
		s += table[i % 16];
	}
	return (void *)s;
}

static int body(void)
{
	run_all(3, any);
	puts("ok");
	return 0;
}
