// A count that one thread adds to by atomic instructions, and another by one that is not: what either adds may be lost. Where a lock
// orders the two nothing is.
#include "pair.h"

static struct {
	long requests, bytes;
} counts;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void atomically(void)
{
	pthread_mutex_lock(&lock);
	__atomic_fetch_add(&counts.requests, 1, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&lock);
	__atomic_fetch_add(&counts.bytes, 10, __ATOMIC_RELAXED); // race: race-data bytes
}

static void plainly(void)
{
	pthread_mutex_lock(&lock);
	counts.requests += 1;
	pthread_mutex_unlock(&lock);
	counts.bytes += 20; // race: race-data bytes
}

int main(void)
{
	pair_run(atomically, plainly);
	return counts.requests == 2 && counts.bytes == 30 ? 0 : 1;
}
