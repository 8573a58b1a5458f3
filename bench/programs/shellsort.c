/* Each thread sorts an array of its own: 4-byte loads and stores, in strides from far apart to neighbours. */
#include "common.h"

static size_t count;

static void sort(uint32_t *values)
{
	for (size_t gap = count / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
		for (size_t i = gap; i < count; i++) {
			uint32_t moved = values[i];
			size_t j = i;

			for (; j >= gap && values[j - gap] > moved; j -= gap)
				values[j] = values[j - gap];
			values[j] = moved;
		}
}

static void *sort_own(void *argument)
{
	struct bench_worker *worker = argument;
	uint64_t state = worker->index;
	uint32_t *values = bench_alloc(count, sizeof(*values));

	for (size_t i = 0; i < count; i++)
		values[i] = (uint32_t)bench_random(&state);
	sort(values);
	for (size_t i = 0; i < count; i++)
		worker->sum += values[i] * (uint64_t)(i + 1);
	free(values);
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench_worker workers[BENCH_THREADS];

	count = bench_scaled(argc, argv, 2500000);
	bench_start(workers, BENCH_THREADS, sort_own);
	return bench_print("shellsort", bench_join(workers, BENCH_THREADS));
}
