// Bytes of one word that belong to different threads do not meet; nor do two reads.
#include <string.h>
#include "pair.h"

static uint64_t word;
static uint64_t constant = 7;

static void even(void)
{
	for (int i = 0; i < 8; i += 2)
		racetrack_write((char *)&word + i, 1);
	racetrack_read(&constant, sizeof constant);
}

static void odd(void)
{
	for (int i = 1; i < 8; i += 2)
		racetrack_write((char *)&word + i, 1);
	racetrack_read(&constant, sizeof constant);
}

int main(void)
{
	pair_run(even, odd);
	return 0;
}
