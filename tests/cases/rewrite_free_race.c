// Memory is freed, and another thread changes it by an atomic instruction: the first one that makes it a sync variable, too.
#include "pair.h"

static long *counter;

static void first(void)
{
	free(counter); // race: race-free freed
	counter = NULL;
}

static long *kept;

static void second(void)
{
	__atomic_fetch_add(&kept[20], 1, __ATOMIC_SEQ_CST); // race: race-free freed
}

int main(void)
{
	counter = kept = calloc(64, sizeof(long));
	pair_run(first, second);
	return 0;
}
