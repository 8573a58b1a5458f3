// A byte that was written once is not forgotten over many accesses to its neighbours; sizes and offsets of all kinds.
#include "pair.h"

static _Alignas(64) char word[8], across[64];

static void first(void)
{
	racetrack_write(&word[0], 1); // race: race-data byte
	for (int i = 0; i < 1000; i++)
		racetrack_write(&word[1 + i % 7], 1);
	racetrack_write(across + 5, 6); // race: race-data across
}

static void second(void)
{
	racetrack_read(&word[0], 1);     // race: race-data byte
	racetrack_read(across + 10, 20); // race: race-data across
	racetrack_read(across + 11, 20);
}

int main(void)
{
	pair_run(first, second);
	return 0;
}
