// The memory of a large block that was freed unused is another thread's block next, in part, and again.
#include <string.h>
#include "pair.h"

enum { BYTES = 100000, SMALL_BYTES = 40000, TIMES = 5 };
static char *block;

static void give_back(void)
{
	for (int i = 0; i < TIMES; i++) {
		char *other = malloc(BYTES);
		MUST(other);
		free(other);
	}
	free(block);
}

static void use_anew(void)
{
	for (int i = 0; i < TIMES; i++) {
		char *whole = malloc(BYTES), *a, *b;
		memset(whole, 1, BYTES);
		free(whole);
		a = malloc(SMALL_BYTES);
		b = malloc(SMALL_BYTES);
		memset(a, 1, SMALL_BYTES);
		b[SMALL_BYTES - 1] = 1;
		racetrack_write(b + SMALL_BYTES - 1, 1);
		free(a);
		free(b);
	}
}

int main(void)
{
	block = malloc(BYTES);
	MUST(block);
	pair_run(give_back, use_anew);
	return 0;
}
