/* Product of two matrices that main initialised: both inputs are read by all threads, each row of the result is one's own. */
#include "common.h"

enum { SIDE = 420 };

static double left[SIDE][SIDE], right[SIDE][SIDE], product[SIDE][SIDE];
static size_t rounds;

static void multiply_row(unsigned row)
{
	for (unsigned k = 0; k < SIDE; k++)
		for (unsigned column = 0; column < SIDE; column++)
			product[row][column] += left[row][k] * right[k][column];
}

static void *multiply(void *argument)
{
	struct bench_worker *worker = argument;

	for (size_t round = 0; round < rounds; round++)
		for (unsigned row = worker->index; row < SIDE; row += BENCH_THREADS)
			multiply_row(row);
	for (unsigned row = worker->index; row < SIDE; row += BENCH_THREADS)
		for (unsigned column = 0; column < SIDE; column++)
			worker->sum += (uint64_t)product[row][column] * (column + 1);
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench_worker workers[BENCH_THREADS];

	rounds = bench_scaled(argc, argv, 12);
	for (unsigned i = 0; i < SIDE; i++)
		for (unsigned j = 0; j < SIDE; j++) {
			left[i][j] = (double)((i * 7 + j) % 13);
			right[i][j] = (double)((i + j * 5) % 11);
		}
	bench_start(workers, BENCH_THREADS, multiply);
	return bench_print("matmul", bench_join(workers, BENCH_THREADS));
}
