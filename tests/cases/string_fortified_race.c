// cflags: -O2 -D_FORTIFY_SOURCE=2
// The fortified string functions.
#define _GNU_SOURCE
#include <string.h>
#include "steps.h"

static void steps(void)
{
	READS(strcpy(A, B), B + 16);              // race: race-data
	WRITES(strcpy(A, B), A + 16);             // race: race-data
	READS(stpcpy(A, B), B + 16);              // race: race-data
	WRITES(stpcpy(A, B), A + 16);             // race: race-data
	READS(strncpy(A, B, N(7)), B + 6);        // race: race-data
	WRITES(strncpy(A, B, N(16) * 2), A + 31); // race: race-data
	READS(stpncpy(A, B, N(7)), B + 6);        // race: race-data
	WRITES(stpncpy(A, B, N(16) * 2), A + 31); // race: race-data
	READS(strcat(A, B), B + 16);              // race: race-data
	WRITES(strcat(A, B), A + 32);             // race: race-data
	READS(strncat(A, B, N(7)), B + 6);        // race: race-data
	WRITES(strncat(A, B, N(7)), A + 23);      // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
