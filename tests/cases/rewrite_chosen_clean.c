// A load that a conditional move leaves is none: the program as it was written reads nothing there.
#include "chosen.h"
#include "pair.h"

static volatile long no;
static long global;

static void store(void)
{
	global = random();
}

static void choose(void)
{
	MUST(chosen_by_move(no, &global) == 3);
	MUST(chosen_taken(no, &global) == 3);
	MUST(chosen_kept(no, &global) == 3);
}

int main(void)
{
	pair_run(store, choose);
	return 0;
}
