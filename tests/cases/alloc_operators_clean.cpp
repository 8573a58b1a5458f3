// cflags: -std=c++17
// Memory that one thread deleted and another one got is fresh, whichever forms of the operators did it.
#include <cstdio>
#include "operators.h"
extern "C" {
#include "pair.h"
}

enum { BYTES = 96 };

static void *seen[FORMS];
static int again;

/* A write that the detector is told of, into a block that nobody else knows. */
static void fill(void *block)
{
	racetrack_write(block, BYTES);
}

static void first(void)
{
	for (int form = 0; form < FORMS; form++) {
		fill(seen[form] = make(form, BYTES));
		unmake(form, seen[form], BYTES);
	}
}

/* The first thread's blocks, as far as the C library gives them to it. */
static void second(void)
{
	for (int form = 0; form < FORMS; form++) {
		void *block = make(form, BYTES);
		fill(block);
		for (int other = 0; other < FORMS; other++)
			again += block == seen[other];
		unmake(form, block, BYTES);
	}
}

int main()
{
	void *early = make(0, BYTES);
	pair_run(first, second);
	unmake(0, early, BYTES);
	std::puts("done");
	return 0;
}
