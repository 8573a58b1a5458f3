// cflags: -O2 -D_FORTIFY_SOURCE=2
// The fortified memory functions.
#define _GNU_SOURCE
#include <string.h>
#include <strings.h>
#include "steps.h"

static void steps(void)
{
	READS(memcpy(B, A, N(7)), A + 6);             // race: race-data
	WRITES(memcpy(A, B, N(7)), A + 6);            // race: race-data
	READS(memmove(B, A, N(7)), A + 6);            // race: race-data
	WRITES(memmove(A, B, N(7)), A + 6);           // race: race-data
	READS(mempcpy(B, A, N(7)), A + 6);            // race: race-data
	WRITES(mempcpy(A, B, N(7)), A + 6);           // race: race-data
	WRITES(memset(A, 1, N(7)), A + 6);            // race: race-data
	WRITES(VOID(explicit_bzero(A, N(7))), A + 6); // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
