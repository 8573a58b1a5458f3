// Accesses of 32 bytes that the source asks for: clang has no hook for them.
// cflags: -mavx2
#include "../idiom.h"

#include <immintrin.h>

static long *shared;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) static void fill(long *to, long value)
{
	_mm256_storeu_si256((__m256i *)to, _mm256_set1_epi64x(value));
}

static void *change(void *x)
{
	if (!BROKEN)
		pthread_mutex_lock(&mutex);
	fill(shared, 7);
	if (!BROKEN)
		pthread_mutex_unlock(&mutex);
	return x;
}

static void *look(void *x)
{
	pthread_mutex_lock(&mutex);
	shared[3]++;
	pthread_mutex_unlock(&mutex);
	return x;
}

static int body(void)
{
	shared = calloc(8, sizeof(*shared));
	run_two(change, look);
	free(shared);
	puts("done");
	return 0;
}
