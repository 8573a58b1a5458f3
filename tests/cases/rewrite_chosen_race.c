// A load that a conditional move takes is one like any other.
#include "chosen.h"
#include "pair.h"

static volatile long yes = 1;
static long globals[3], seen[3];

static void store(void)
{
	globals[0] = random(); // race: race-data move
	globals[1] = random(); // race: race-data taken
	globals[2] = random(); // race: race-data kept
}

static void choose(void)
{
	seen[0] = chosen_by_move(yes, &globals[0]); // race: race-data move
	seen[1] = chosen_taken(yes, &globals[1]);   // race: race-data taken
	seen[2] = chosen_kept(yes, &globals[2]);    // race: race-data kept
}

int main(void)
{
	pair_run(store, choose);
	return 0;
}
