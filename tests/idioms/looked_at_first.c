// Cells with a flag each, which everybody waits for by the same function: who fills a cell is mostly the first who waits for it, and
// others come later.
#include "../idiom.h"

enum { CELLS = 64, LATER = 30000 /* us */ };

struct cell {
	atomic_int full;
	long value;
};

static struct cell cells[CELLS];

static __attribute__((noinline)) long wait_for(struct cell *cell)
{
	while (!LOAD(&cell->full, acquire))
		relax();
	return cell->value;
}

static void *fill(void *x)
{
	long sum = 0;
	for (long i = 0; i < CELLS; i++) {
		cells[i].value = i;
		STORE(&cells[i].full, 1, release);
		sum += wait_for(&cells[i]);
		if (BROKEN)
			cells[i].value = -i;
	}
	TELL("%ld ", sum);
	return x;
}

static void *look(void *x)
{
	long sum = 0;
	usleep(LATER);
	for (long i = 0; i < CELLS; i++)
		sum += wait_for(&cells[i]);
	TELL("%ld", sum);
	return x;
}

static int body(void)
{
	run_two(fill, look);
	return 0;
}
