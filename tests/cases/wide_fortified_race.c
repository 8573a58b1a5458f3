// cflags: -O2 -D_FORTIFY_SOURCE=2
// The fortified wide character functions.
#define _GNU_SOURCE
#include <stdlib.h>
#include <wchar.h>
#include "steps.h"

static void steps(void)
{
	READS(wmemcpy(WA, WB, N(7)), WB + 6);        // race: race-data
	WRITES(wmemcpy(WA, WB, N(7)), WA + 6);       // race: race-data
	READS(wmemmove(WA, WB, N(7)), WB + 6);       // race: race-data
	WRITES(wmemmove(WA, WB, N(7)), WA + 6);      // race: race-data
	READS(wmempcpy(WA, WB, N(7)), WB + 6);       // race: race-data
	WRITES(wmempcpy(WA, WB, N(7)), WA + 6);      // race: race-data
	WRITES(wmemset(WA, 1, N(7)), WA + 6);        // race: race-data
	READS(wcscpy(WA, WB), WB + 16);              // race: race-data
	WRITES(wcscpy(WA, WB), WA + 16);             // race: race-data
	READS(wcpcpy(WA, WB), WB + 16);              // race: race-data
	WRITES(wcpcpy(WA, WB), WA + 16);             // race: race-data
	READS(wcsncpy(WA, WB, N(7)), WB + 6);        // race: race-data
	WRITES(wcsncpy(WA, WB, N(16) * 2), WA + 31); // race: race-data
	READS(wcpncpy(WA, WB, N(7)), WB + 6);        // race: race-data
	WRITES(wcpncpy(WA, WB, N(16) * 2), WA + 31); // race: race-data
	READS(wcscat(WA, WB), WB + 16);              // race: race-data
	WRITES(wcscat(WA, WB), WA + 32);             // race: race-data
	READS(wcsncat(WA, WB, N(7)), WB + 6);        // race: race-data
	WRITES(wcsncat(WA, WB, N(7)), WA + 23);      // race: race-data
	READS(mbstowcs(WA, B, N(16) * 2), B + 16);   // race: race-data
	WRITES(mbstowcs(WA, B, N(16) * 2), WA + 16); // race: race-data
	READS(wcstombs(A, WB, N(16) * 2), WB + 16);  // race: race-data
	WRITES(wcstombs(A, WB, N(16) * 2), A + 16);  // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
