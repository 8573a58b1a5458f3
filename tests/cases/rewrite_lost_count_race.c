// A count that one thread adds to by atomic instructions, and another by one that is not: what either adds may be lost. Where a lock
// orders the two nothing is.
#include "pair.h"

static struct {
	long requests, bytes;
} counts;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct gate gate;

static void *atomically(void *unused)
{
	pthread_mutex_lock(&lock);
	__atomic_fetch_add(&counts.requests, 1, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&lock);
	__atomic_fetch_add(&counts.bytes, 10, __ATOMIC_RELAXED); // race: race-data bytes
	gate_open(&gate, 1);
	return unused;
}

static void *plainly(void *unused)
{
	gate_wait(&gate, 1);
	pthread_mutex_lock(&lock);
	counts.requests += 1;
	pthread_mutex_unlock(&lock);
	counts.bytes += 20; // race: race-data bytes
	return unused;
}

int main(void)
{
	pthread_t threads[2];
	MUST(!pthread_create(&threads[0], NULL, atomically, NULL));
	MUST(!pthread_create(&threads[1], NULL, plainly, NULL));
	for (int i = 0; i < 2; i++)
		MUST(!pthread_join(threads[i], NULL));
	return counts.requests == 2 && counts.bytes == 30 ? 0 : 1;
}
