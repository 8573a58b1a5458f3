// call_once by hand: begun, and done.
#include "../idiom.h"

enum { NOT_YET, BEGUN, DONE };
static atomic_int state;
static long v[16];
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void fill(void)
{
	for (int i = 0; i < 16; i++)
		v[i] = rounds + i;
}

static void once(atomic_int *s, void (*function)(void))
{
	if (LOAD(s, acquire) == DONE)
		return;
	pthread_mutex_lock(&m);
	if (LOAD(s, relaxed) == NOT_YET) {
		STORE(s, BROKEN ? DONE : BEGUN, relaxed);
		function();
		if (!BROKEN)
			STORE(s, DONE, release);
	}
	pthread_mutex_unlock(&m);
}

static void *any(void *x)
{
	long s = 0;
	for (long i = 0; i < rounds; i++) {
		once(&state, fill);
		s += v[i % 16];
	}
	return (void *)s;
}

static int body(void)
{
	run_all(3, any);
	puts("ok");
	return 0;
}
