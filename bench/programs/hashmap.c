/*
 * A chained hash table with 64 locks, each for the buckets of its remainder. Both threads count into shared keys, and insert
 * and remove keys of their own (odd ones one's, even ones the other's), so the end does not depend on the schedule.
 */
#include "common.h"

enum { LOCKS = 64, BUCKETS = 1 << 15, SHARED_KEYS = 40000, OWN_KEYS = 40000 };

struct node {
	struct node *next;
	uint64_t key;
	uint64_t count;
};

static struct node *buckets[BUCKETS];
static pthread_mutex_t locks[LOCKS];
static size_t rounds;

static struct node **find_link(unsigned bucket, uint64_t key)
{
	struct node **link = &buckets[bucket];

	while (*link && (*link)->key != key)
		link = &(*link)->next;
	return link;
}

/* Adds one to the key's count; a count of `limit` is the last: then the key goes. Returns the count. */
static uint64_t count_key(uint64_t key, uint64_t limit)
{
	unsigned bucket = bench_mix(key) % BUCKETS;
	struct node **link, *node, *gone = NULL;
	uint64_t count;

	pthread_mutex_lock(&locks[bucket % LOCKS]);
	link = find_link(bucket, key);
	node = *link;
	if (!node) {
		node = bench_alloc(1, sizeof(*node));
		node->key = key;
		*link = node;
	}
	count = ++node->count;
	if (count == limit) {
		*link = node->next;
		gone = node;
	}
	pthread_mutex_unlock(&locks[bucket % LOCKS]);
	free(gone);
	return count;
}

static void *work(void *argument)
{
	struct bench_worker *worker = argument;
	uint64_t state = worker->index;

	for (size_t round = 0; round < rounds; round++) {
		uint64_t random = bench_random(&state);
		uint64_t own = SHARED_KEYS + (random >> 32) % OWN_KEYS * BENCH_THREADS + worker->index;

		count_key(random % SHARED_KEYS, UINT64_MAX);
		worker->sum += count_key(own, 4);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench_worker workers[BENCH_THREADS];
	uint64_t sum;

	rounds = bench_scaled(argc, argv, 1000000);
	for (unsigned i = 0; i < LOCKS; i++)
		pthread_mutex_init(&locks[i], NULL);
	bench_start(workers, BENCH_THREADS, work);
	sum = bench_join(workers, BENCH_THREADS);
	for (unsigned i = 0; i < BUCKETS; i++)
		for (struct node *node = buckets[i]; node; node = node->next)
			sum += bench_mix(node->key) * node->count;
	return bench_print("hashmap", sum);
}
