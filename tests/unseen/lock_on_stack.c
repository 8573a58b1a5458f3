// A queued lock by inline assembly: who waits does so at a node on his stack.
#include "../idiom.h"

#include "moves.h"

struct node {
	long next, waits;
};
static long last, counter;

static void *count(void *x)
{
	struct node me;
	for (long i = 0; i < rounds; i++) {
		if (BROKEN)
			counter++;
		me.next = 0;
		me.waits = 1;
		struct node *before = (struct node *)exchange(&last, (long)&me);
		if (before) {
			store(&before->next, (long)&me);
			while (load(&me.waits))
				sched_yield();
		}
		counter++;
		if (!load(&me.next) && replace(&last, (long)&me, 0))
			continue;
		while (!load(&me.next))
			sched_yield();
		store(&((struct node *)load(&me.next))->waits, 0);
	}
	return x;
}

static int body(void)
{
	run_all(3, count);
	TELL("%ld", counter);
	return 0;
}
