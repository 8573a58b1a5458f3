// A large block of which nothing was recorded before it was freed: the free is told of wherever the block is used afterwards.
#include <string.h>
#include "pair.h"

enum { BYTES = 100000, LARGE_BYTES = 3 << 20 };
static char *block, *large;

static void give_back(void)
{
	free(block); // race: race-free block
	free(large); // race: race-free large
}

static void use(void)
{
	racetrack_write(block + BYTES / 2, 6); // race: race-free block
	racetrack_read(large + (1 << 20), 8);  // race: race-free large
}

int main(void)
{
	block = malloc(BYTES);
	large = malloc(LARGE_BYTES);
	MUST(block && large);
	memset(block, 0, BYTES);
	pair_run(give_back, use);
	return 0;
}
