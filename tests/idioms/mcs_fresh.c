// An MCS lock whose nodes lie in the threads' frames, a new one each time: who gives the lock on may come to a node as its owner begins
// to wait for it.
#include "../mcs.h"

enum { NODES = 2000 };

static long count;

static void *any(void *x)
{
	struct q nodes[NODES];
	for (long i = 0; i < NODES; i++) {
		lock(&nodes[i]);
		count++;
		unlock(&nodes[i]);
		if (BROKEN)
			count++;
	}
	return x;
}

static int body(void)
{
	run_all(2, any);
	TELL("%ld", count);
	return 0;
}
