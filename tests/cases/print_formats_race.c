// cflags: -fno-builtin -Wno-format
// The walk over a format finds the strings behind every kind of conversion, and the targets of %n.
#define _GNU_SOURCE
#include <locale.h>
#include <stdio.h>
#include <wchar.h>
#include "steps.h"

#define TO to, sizeof to
static char to[512];

static void steps(void)
{
	READS(snprintf(TO, "%d %5d %-5d %05d %s", 1, 2, 3, 4, B), B + 16);            // race: race-data
	READS(snprintf(TO, "%ld %lld %hd %hhd %s", 1L, 2LL, 3, 4, B), B);             // race: race-data
	READS(snprintf(TO, "%jd %zd %td %qd %s", 1L, 2L, 3L, 4LL, B), B);             // race: race-data
	READS(snprintf(TO, "%f %.3e %Lf %a %s", 1.0, 2.0, 3.0L, 4.0, B), B + 16);     // race: race-data
	READS(snprintf(TO, "%Lf %Lg %f %d %s", 1.0L, 2.0L, 3.0, 4, B), B + 16);       // race: race-data
	READS(snprintf(TO, "%*d %.*f %*.*f %s", 5, 1, 2, 3.0, 6, 2, 4.0, B), B + 16); // race: race-data
	READS(snprintf(TO, "%c %lc %p %% %m %s", 'x', L'y', NULL, B), B + 16);        // race: race-data
	READS(snprintf(TO, "%'d %+d % d %#x %Id %s", 1, 2, 3, 4, 5, B), B + 16);      // race: race-data
	READS(snprintf(TO, "%s %s", "first", B), B + 16);                             // race: race-data
	READS(snprintf(TO, "%.7s", B), B + 6);                                        // race: race-data
	READS(snprintf(TO, "%.*s", 7, B), B + 6);                                     // race: race-data
	READS(snprintf(TO, "%.*s", -7, B), B + 16);                                   // race: race-data
	READS(snprintf(TO, "%-20.7s|", B), B + 6);                                    // race: race-data
	READS(snprintf(TO, "%ls", WB), WB + 16);                                      // race: race-data
	READS(snprintf(TO, "%S", WB), WB + 16);                                       // race: race-data
	READS(snprintf(TO, "%.7ls", WB), WB + 6);                                     // race: race-data
	READS(snprintf(TO, "%.5ls", put_wide(WB, L"\u00e4\u00f6\u00fc")), WB + 1);    // race: race-data
	READS(snprintf(TO, "%s %s", NULL, B), B + 16);                                // race: race-data
	WRITES(snprintf(TO, "%d%n", 1, (int *)WORDS), (char *)WORDS + 3);             // race: race-data
	WRITES(snprintf(TO, "%hhn", (signed char *)WORDS), WORDS);                    // race: race-data
	WRITES(snprintf(TO, "%hn", (short *)WORDS), (char *)WORDS + 1);               // race: race-data
	WRITES(snprintf(TO, "%ln", (long *)WORDS), (char *)WORDS + 7);                // race: race-data
	WRITES(snprintf(TO, "%zn", (size_t *)WORDS), (char *)WORDS + 7);              // race: race-data
	READS(swprintf(WA, 60, L"%d %*d %Lf %s", 1, 2, 3, 4.0L, B), B + 16);          // race: race-data
	READS(swprintf(WA, 60, L"%.7s", B), B + 6);                                   // race: race-data
	READS(swprintf(WA, 60, L"%.7ls", WB), WB + 6);                                // race: race-data
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	steps_run();
	return 0;
}
