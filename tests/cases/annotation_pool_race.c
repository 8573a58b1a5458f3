// An object that is used, or put again, after it was put: also where a lock orders all, and in one thread.
#include "pair.h"

static char pool, used[64], twice[64], alone[64];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void first(void)
{
	pthread_mutex_lock(&mutex);
	racetrack_pool_get(&pool, used, sizeof used);
	racetrack_pool_get(&pool, twice, sizeof twice);
	racetrack_pool_put(&pool, used, sizeof used);   // race: pool-use-after-put used
	racetrack_pool_put(&pool, twice, sizeof twice); // race: pool-double-put twice
	pthread_mutex_unlock(&mutex);
}

static void second(void)
{
	pthread_mutex_lock(&mutex);
	racetrack_write(used + 8, 8);                   // race: pool-use-after-put used
	racetrack_pool_put(&pool, twice, sizeof twice); // race: pool-double-put twice
	pthread_mutex_unlock(&mutex);
}

int main(void)
{
	racetrack_pool_get(&pool, alone, sizeof alone);
	racetrack_pool_put(&pool, alone, sizeof alone); // race: pool-use-after-put alone
	racetrack_read(alone, 1);                       // race: pool-use-after-put alone
	pair_run(first, second);
	return 0;
}
