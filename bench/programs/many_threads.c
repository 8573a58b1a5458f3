/* 1,000 threads, all alive from the first turn to the last, add to records under 64 locks. */
#include "common.h"

enum { THREADS = 1000, LOCKS = 64, FIELDS = 16 };

static struct record {
	pthread_mutex_t lock;
	uint64_t fields[FIELDS];
} records[LOCKS];
static pthread_barrier_t all_alive;
static size_t rounds;

static void *work(void *argument)
{
	struct bench_worker *worker = argument;
	uint64_t state = worker->index;

	pthread_barrier_wait(&all_alive);
	for (size_t round = 0; round < rounds; round++) {
		uint64_t random = bench_random(&state);
		struct record *record = &records[random % LOCKS];

		pthread_mutex_lock(&record->lock);
		for (unsigned i = 0; i < FIELDS; i++)
			record->fields[i] += random >> i;
		pthread_mutex_unlock(&record->lock);
	}
	pthread_barrier_wait(&all_alive);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct bench_worker workers[THREADS];
	uint64_t sum = 0;

	rounds = bench_scaled(argc, argv, 5000);
	pthread_barrier_init(&all_alive, NULL, THREADS);
	for (unsigned i = 0; i < LOCKS; i++)
		pthread_mutex_init(&records[i].lock, NULL);
	bench_start(workers, THREADS, work);
	bench_join(workers, THREADS);
	for (unsigned i = 0; i < LOCKS; i++)
		for (unsigned field = 0; field < FIELDS; field++)
			sum = sum * 31 + records[i].fields[field];
	return bench_print("many_threads", sum);
}
