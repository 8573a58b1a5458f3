// Hazard pointers: a reader announces the node that it is about to use, and looks again whether it is the one still; a writer that has
// put another one in its place frees it when nobody announces it.
// not at: -O0
#include "../idiom.h"

enum { READERS = 2, OLD = 8, ENOUGH = 200 };
static struct node {
	long value, twice;
} * _Atomic newest;
static struct reader {
	_Alignas(64) struct node *_Atomic announced;
} readers[READERS];
static atomic_long left = READERS;

static __attribute__((noinline)) struct node *announce(struct reader *reader)
{
	struct node *node, *again = LOAD(&newest, relaxed);
	do {
		node = again;
		STORE(&reader->announced, node, release);
		FENCE(seq_cst);
		again = LOAD(&newest, acquire);
	} while (again != node);
	return node;
}

static long read_all(struct reader *reader)
{
	long wrong = 0, seen = 0;
	while (seen < ENOUGH) {
		struct node *node = announce(reader);
		seen = node->value;
		wrong += node->twice != 2 * seen;
		STORE(&reader->announced, NULL, release);
		sched_yield();
	}
	SUB(&left, 1, seq_cst);
	return wrong;
}

/* Those that somebody announces stay; of the last reader that is forgotten where this is broken. */
static __attribute__((noinline)) unsigned free_old(struct node **old, unsigned count)
{
	struct node *used[READERS];
	unsigned uses = 0, kept = 0;
	for (int i = 0; i < READERS - BROKEN; i++) {
		struct node *node = LOAD(&readers[i].announced, acquire);
		if (node)
			used[uses++] = node;
	}
	for (unsigned i = 0; i < count; i++) {
		bool is_used = false;
		for (unsigned n = 0; n < uses; n++)
			is_used |= used[n] == old[i];
		if (is_used)
			old[kept++] = old[i];
		else
			free(old[i]);
	}
	return kept;
}

static struct node *make_node(long value)
{
	struct node *node = malloc(sizeof(*node));
	node->value = value;
	node->twice = 2 * value;
	return node;
}

static void write_all(void)
{
	struct node *old[OLD];
	unsigned count = 0;
	for (long i = 1; LOAD(&left, acquire); i++) {
		old[count++] = EXCHANGE(&newest, make_node(i), seq_cst);
		if (count == OLD)
			count = free_old(old, count);
		sched_yield();
	}
	while (count)
		free(old[--count]);
}

static void *work(void *number)
{
	if ((long)number == READERS)
		write_all();
	else if (read_all(&readers[(long)number]) && !BROKEN)
		abort();
	return NULL;
}

static int body(void)
{
	STORE(&newest, make_node(0), relaxed);
	run_all(READERS + 1, work);
	free(LOAD(&newest, relaxed));
	TELL("done");
	return 0;
}
