// cflags: -O2 -D_FORTIFY_SOURCE=2
// The fortified forms of the streams' input.
#define _GNU_SOURCE
#include <stdio.h>
#include <wchar.h>
#include "descriptors.h"
#include "steps.h"

#define LINE ((char **)WORDS)

static void steps(void)
{
	WRITES(fread(A, 2, N(3), supply_stream()), A + 5);               // race: race-data
	WRITES(fread_unlocked(A, 2, N(3), supply_stream()), A + 5);      // race: race-data
	WRITES(fgets(A, (int)N(8), supply_stream()), A + 7);             // race: race-data
	WRITES(fgets_unlocked(A, (int)N(8), supply_stream()), A + 7);    // race: race-data
	WRITES(fgetws(WA, (int)N(8), supply_stream()), WA + 7);          // race: race-data
	WRITES(fgetws_unlocked(WA, (int)N(8), supply_stream()), WA + 7); // race: race-data
	WRITES(getline(LINE, WORDS + 1, supply_stream()), *LINE + 17);   // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
