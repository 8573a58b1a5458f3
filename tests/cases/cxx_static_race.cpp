// The guard of a static orders how it was made, and nothing that came after.
#include "pair.h"

struct made {
	int value;
	made() : value(7)
	{
	}
};

static void use()
{
	static made one;
	racetrack_write(&one.value, sizeof one.value); // race: race-data
}

int main()
{
	pair_run(use, use);
	return 0;
}
