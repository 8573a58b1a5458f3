// A thread uses what it has freed itself: right after it, and under the lock that it freed it under, taken again. What it wrote just
// before the free is no more that it wrote: another thread that reads it runs into the free.
#include "pair.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long *volatile kept, *volatile locked, *volatile written;

static void first(void)
{
	kept[4] = 1;
	free(kept); // race: use-after-free own
	kept[4]++;  // race: use-after-free own
	written[4] = 1;
	free(written); // race: race-free other
	pthread_mutex_lock(&lock);
	locked[4] = 1;
	free(locked); // race: use-after-free held
	pthread_mutex_unlock(&lock);
	pthread_mutex_lock(&lock);
	locked[4]++; // race: use-after-free held
	pthread_mutex_unlock(&lock);
}

static void second(void)
{
	MUST(written[4] != 2); // race: race-free other
}

int main(void)
{
	kept = malloc(1000);
	locked = malloc(1000);
	written = malloc(1000);
	pair_run(first, second);
	return 0;
}
