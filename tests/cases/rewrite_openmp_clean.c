// OpenMP's ways to order threads: its library makes them of atomic instructions and futexes of its own.
// cflags: -fopenmp
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 3, COUNT = 500 };

static int from[COUNT], to[COUNT], taken[4];
static long total;
static omp_lock_t lock;
static omp_nest_lock_t nested;

static void loops(void)
{
#pragma omp parallel for
	for (int i = 0; i < COUNT; i++)
		from[i] = i;
#pragma omp parallel for schedule(dynamic, 7) reduction(+ : total)
	for (int i = 0; i < COUNT; i++) {
		to[i] = from[COUNT - 1 - i];
		total += to[i];
	}
#pragma omp parallel for schedule(guided)
	for (int i = 0; i < COUNT; i++)
		from[i] = to[COUNT - 1 - i];
#pragma omp parallel for ordered
	for (int i = 0; i < COUNT / 10; i++)
#pragma omp ordered
		total += from[i];
}

static void regions(void)
{
#pragma omp parallel
	{
#pragma omp single
		for (int i = 0; i < COUNT; i++)
			to[i]++;
#pragma omp for nowait
		for (int i = 0; i < COUNT; i++)
			from[i] = to[COUNT - 1 - i];
#pragma omp barrier
#pragma omp master
		total += from[0] + from[COUNT - 1];
#pragma omp critical
		taken[0]++;
#pragma omp critical(other)
		taken[1]++;
#pragma omp barrier
#pragma omp sections
		{
#pragma omp section
			taken[2] = taken[0];
#pragma omp section
			taken[3] = taken[1];
		}
		omp_set_lock(&lock);
		total++;
		omp_unset_lock(&lock);
		omp_set_nest_lock(&nested);
		omp_set_nest_lock(&nested);
		taken[0]++;
		omp_unset_nest_lock(&nested);
		omp_unset_nest_lock(&nested);
	}
}

static long sum(int low, int high)
{
	long one, other;
	if (high - low < 10) {
		for (one = 0; low < high; low++)
			one += from[low];
		return one;
	}
#pragma omp task shared(one)
	one = sum(low, (low + high) / 2);
#pragma omp task shared(other)
	other = sum((low + high) / 2, high);
#pragma omp taskwait
	return one + other;
}

static void tasks(void)
{
	int first = 0, second = 0;
	long all = 0;
#pragma omp parallel
#pragma omp single
	all = sum(0, COUNT);
	total += all;
#pragma omp parallel
#pragma omp single
	{
#pragma omp task depend(out : first) shared(first)
		first = 5;
#pragma omp task depend(in : first) depend(out : second) shared(first, second)
		second = first + 1;
#pragma omp task depend(in : second) shared(first, second)
		first += second;
	}
	total += first;
}

static void hand_over(void)
{
	int flag = 0, value = 0;
#pragma omp parallel num_threads(2) shared(flag, value)
	if (omp_get_thread_num() == 0) {
		value = 1;
#pragma omp atomic write release
		flag = 1;
	} else {
		int now = 0;
		while (!now) {
#pragma omp atomic read acquire
			now = flag;
		}
		total += value;
	}
}

int main(void)
{
	hand_over();
	omp_set_num_threads(4);
	omp_init_lock(&lock);
	omp_init_nest_lock(&nested);
	for (int round = 0; round < ROUNDS; round++) {
		int *block = malloc(COUNT * sizeof(*block));
		loops();
		regions();
		tasks();
#pragma omp parallel for
		for (int i = 0; i < COUNT; i++)
			block[i] = from[i];
		total += block[COUNT / 2];
		free(block);
	}
	omp_destroy_nest_lock(&nested);
	omp_destroy_lock(&lock);
	printf("%ld %d\n", total, taken[0] + taken[1]);
	return 0;
}
