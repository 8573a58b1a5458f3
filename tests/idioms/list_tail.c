// One thread appends to a list, another one takes what is there: round and round, and on when there is a next one.
#include "../idiom.h"

struct node {
	_Atomic(struct node *) next;
	long value;
};

static struct node *nodes;

static void *take(void *x)
{
	struct node *at = nodes;
	long sum = 0;
	for (long i = 0; i < rounds;) {
		struct node *next = LOAD(&at->next, acquire);
		if (!next)
			continue;
		sum += next->value;
		at = next;
		i++;
	}
	TELL("%ld", sum);
	return x;
}

static void *append(void *x)
{
	for (long i = 0; i < rounds; i++) {
		nodes[i + 1].value = i;
		STORE(&nodes[i].next, &nodes[i + 1], release);
		if (BROKEN)
			nodes[i + 1].value = i;
	}
	return x;
}

static int body(void)
{
	nodes = calloc((size_t)rounds + 1, sizeof(*nodes));
	run_two(take, append);
	free(nodes);
	return 0;
}
