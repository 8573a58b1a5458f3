/*
 * Red-black trees: one under a mutex that both threads insert into, and one of each thread's own. Seven of eight operations
 * go to the own one: pointers are chased, few are written.
 */
#include "common.h"

enum { BLACK, RED };
enum { KEYS = 1 << 17 };

struct node {
	struct node *child[2];
	struct node *parent;
	uint32_t key;
	uint32_t colour;
	uint64_t count;
};

struct tree {
	struct node *root;
};

static struct tree shared;
static pthread_mutex_t shared_lock = PTHREAD_MUTEX_INITIALIZER;
static size_t rounds;

static void replace_child(struct tree *tree, struct node *parent, struct node *old, struct node *new)
{
	if (!parent)
		tree->root = new;
	else
		parent->child[parent->child[1] == old] = new;
	if (new)
		new->parent = parent;
}

/* `top` goes down to the side `side`; its other child takes its place. */
static void rotate(struct tree *tree, struct node *top, int side)
{
	struct node *up = top->child[!side];

	top->child[!side] = up->child[side];
	if (up->child[side])
		up->child[side]->parent = top;
	replace_child(tree, top->parent, top, up);
	up->child[side] = top;
	top->parent = up;
}

static void repair(struct tree *tree, struct node *node)
{
	while (node->parent && node->parent->colour == RED) {
		struct node *parent = node->parent, *grand = parent->parent;
		int side = grand->child[1] == parent;
		struct node *uncle = grand->child[!side];

		if (uncle && uncle->colour == RED) {
			parent->colour = uncle->colour = BLACK;
			grand->colour = RED;
			node = grand;
			continue;
		}
		if (parent->child[!side] == node) {
			rotate(tree, parent, side);
			node = parent;
			parent = node->parent;
		}
		parent->colour = BLACK;
		grand->colour = RED;
		rotate(tree, grand, !side);
	}
	tree->root->colour = BLACK;
}

static uint64_t count_key(struct tree *tree, uint32_t key)
{
	struct node *parent = NULL, **link = &tree->root, *node;

	while ((node = *link)) {
		if (node->key == key)
			return ++node->count;
		parent = node;
		link = &node->child[key > node->key];
	}
	node = bench_alloc(1, sizeof(*node));
	node->parent = parent;
	node->key = key;
	node->colour = RED;
	node->count = 1;
	*link = node;
	repair(tree, node);
	return 1;
}

static uint64_t sum_tree(const struct node *node, unsigned depth)
{
	if (!node)
		return depth > 64 ? UINT64_MAX : 0;
	return bench_mix(node->key) * node->count + sum_tree(node->child[0], depth + 1) +
	       sum_tree(node->child[1], depth + 1);
}

static void *work(void *argument)
{
	struct bench_worker *worker = argument;
	struct tree own = {NULL};
	uint64_t state = worker->index;

	for (size_t round = 0; round < rounds; round++) {
		uint64_t random = bench_random(&state);
		uint32_t key = random % KEYS;

		if (random >> 61) {
			count_key(&own, key);
			continue;
		}
		pthread_mutex_lock(&shared_lock);
		count_key(&shared, key);
		pthread_mutex_unlock(&shared_lock);
	}
	worker->sum = sum_tree(own.root, 0);
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench_worker workers[BENCH_THREADS];
	uint64_t sum;

	rounds = bench_scaled(argc, argv, 1000000);
	bench_start(workers, BENCH_THREADS, work);
	sum = bench_join(workers, BENCH_THREADS);
	return bench_print("rbtree", sum + sum_tree(shared.root, 0));
}
