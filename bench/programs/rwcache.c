/*
 * A cache that is read far more often than it is filled, under one reader-writer lock. What a key's entry holds depends on
 * the key alone, so the sum does not depend on who filled it.
 */
#include "common.h"

enum { SLOTS = 4096, FIELDS = 8, KEYS = 4400 };

struct entry {
	uint64_t key;
	uint64_t fields[FIELDS];
};

static struct entry cache[SLOTS];
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static size_t rounds;

static uint64_t sum_fields(const struct entry *entry)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < FIELDS; i++)
		sum += entry->fields[i];
	return sum;
}

/* Is the key's entry there? Then its sum is added. */
static int look_up(uint64_t key, uint64_t *sum)
{
	const struct entry *entry = &cache[key % SLOTS];
	int found;

	pthread_rwlock_rdlock(&lock);
	found = entry->key == key;
	if (found)
		*sum += sum_fields(entry);
	pthread_rwlock_unlock(&lock);
	return found;
}

static uint64_t fill(uint64_t key)
{
	struct entry *entry = &cache[key % SLOTS];
	uint64_t sum;

	pthread_rwlock_wrlock(&lock);
	entry->key = key;
	for (unsigned i = 0; i < FIELDS; i++)
		entry->fields[i] = bench_mix(key + i);
	sum = sum_fields(entry);
	pthread_rwlock_unlock(&lock);
	return sum;
}

static void *work(void *argument)
{
	struct bench_worker *worker = argument;
	uint64_t state = worker->index;

	for (size_t round = 0; round < rounds; round++) {
		uint64_t key = 1 + bench_random(&state) % KEYS;

		if (!look_up(key, &worker->sum))
			worker->sum += fill(key);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench_worker workers[BENCH_THREADS];

	rounds = bench_scaled(argc, argv, 1500000);
	bench_start(workers, BENCH_THREADS, work);
	return bench_print("rwcache", bench_join(workers, BENCH_THREADS));
}
