// What OpenMP's library does not order: a sum without a reduction, a loop without its barrier, two locks for one variable.
// cflags: -fopenmp
#include <omp.h>
#include <stdio.h>

#include "../gate.h"

enum { COUNT = 64 };

static volatile int from[COUNT], to[COUNT];
static volatile long total, sum;
static struct gate warm, first, filled, locked;

int main(void)
{
	omp_set_num_threads(2);
	/* What was stored for a thread before it first looked counts as handed over later than it was. */
	for (int i = 0; i < 3; i++)
#pragma omp parallel
		gate_open(&warm, omp_get_thread_num());
#pragma omp parallel
	{
		int me = omp_get_thread_num();
		if (me)
			gate_wait(&first, 1);
		total += me; // race: race-data
		gate_open(&first, 1);
#pragma omp for schedule(static) nowait
		for (int i = 0; i < COUNT; i++)
			from[i] = i; // race: race-data passed
		if (!me)
			gate_open(&filled, 1);
		else
			gate_wait(&filled, 1);
		if (me)
			to[0] = from[0]; // race: race-data passed
		if (me) {
#pragma omp critical(one)
			sum += 1; // race: race-data locks
			gate_open(&locked, 1);
		} else {
			gate_wait(&locked, 1);
#pragma omp critical(other)
			sum += 2; // race: race-data locks
		}
	}
	printf("%ld\n", sum);
	return 0;
}
