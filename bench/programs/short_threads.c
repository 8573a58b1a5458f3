/* 20,000 short threads, eight at a time: each fills and reads a buffer of its own and a part of one that main hands on. */
#include "common.h"

enum { BATCH = 8, WORDS = 2048 };

static uint32_t handed[BATCH][WORDS];

static void *work(void *argument)
{
	struct bench_worker *worker = argument;
	uint32_t *part = handed[worker->index];
	uint32_t own[WORDS];

	for (unsigned i = 0; i < WORDS; i++)
		own[i] = part[i] * 3 + i;
	for (unsigned i = 0; i < WORDS; i++) {
		part[i] = own[WORDS - 1 - i];
		worker->sum += part[i];
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench_worker workers[BATCH];
	size_t batches = bench_scaled(argc, argv, 20000 / BATCH);
	uint64_t sum = 0;

	for (size_t batch = 0; batch < batches; batch++) {
		bench_start(workers, BATCH, work);
		sum = sum * 31 + bench_join(workers, BATCH);
	}
	return bench_print("short_threads", sum);
}
