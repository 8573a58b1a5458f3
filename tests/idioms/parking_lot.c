// Spin, then park: a lock's word, and a mutex with a condition for those that wait.
#include "../idiom.h"

static atomic_uint w;
static pthread_mutex_t bm = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t bc = PTHREAD_COND_INITIALIZER;
static long count;

static void lock(void)
{
	for (int s = 0;;) {
		unsigned v = LOAD(&w, relaxed);
		if (!(v & 1)) {
			if (COMPARE_EXCHANGE(&w, &v, v | 1, acquire, relaxed))
				return;
			continue;
		}
		if (s++ < 20) {
			relax();
			continue;
		}
		if (!(v & 2) && !COMPARE_EXCHANGE(&w, &v, v | 2, relaxed, relaxed))
			continue;
		pthread_mutex_lock(&bm);
		while (LOAD(&w, relaxed) == 3)
			pthread_cond_wait(&bc, &bm);
		pthread_mutex_unlock(&bm);
	}
}

static void unlock(void)
{
	unsigned e = 1;
	if (COMPARE_EXCHANGE(&w, &e, 0, release, relaxed))
		return;
	pthread_mutex_lock(&bm);
	STORE(&w, 0, release);
	pthread_cond_broadcast(&bc);
	pthread_mutex_unlock(&bm);
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
