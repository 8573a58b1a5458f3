// A queue whose nodes are linked when they are in it already: its reader waits at the last one, more and more patiently.
#include "../idiom.h"

struct node {
	_Atomic(struct node *) next;
	long value;
};
static struct node first;
static _Atomic(struct node *) last = &first;
static struct node *at = &first;
static atomic_long puts_done;

static __attribute__((noinline)) void put(long value)
{
	struct node *node = calloc(1, sizeof(*node));
	if (!BROKEN)
		node->value = value;
	struct node *before = atomic_exchange_explicit(&last, node, memory_order_acq_rel);
	STORE(&before->next, node, release);
	ADD(&puts_done, 1, release);
	if (BROKEN)
		node->value = value;
}

static void *puts_all(void *x)
{
	for (long i = 0; i < rounds; i++)
		put(i);
	return x;
}

static void *takes_all(void *x)
{
	long sum = 0;
	for (long i = 0; i < rounds; i++) {
		struct node *next;
		unsigned looks = 0;
		while (!(next = LOAD(&at->next, acquire))) {
			if (++looks > 100) {
				sched_yield();
				looks = 0;
			} else {
				__builtin_ia32_pause();
			}
		}
		sum += next->value;
		at = next;
	}
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	run_two(puts_all, takes_all);
	return 0;
}
