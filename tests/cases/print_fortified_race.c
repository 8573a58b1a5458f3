// cflags: -O2 -fno-inline -D_FORTIFY_SOURCE=2 -Wno-format-security
// What the fortified formatted output functions read and write.
#define _GNU_SOURCE
#include <stdio.h>
#include <wchar.h>
#include "lists.h"
#include "steps.h"

static FILE *sink, *wide_sink;
static int sink_descriptor;

static void steps(void)
{
	/* A and B hold 16 characters and the NUL; so the result has 16 characters */
	READS(sprintf(A, "%s", B), B + 16);                                   // race: race-data
	WRITES(sprintf(A, "%s", B), A + 16);                                  // race: race-data
	READS(sprintf(A, B), B + 16);                                         // race: race-data
	READS(snprintf(A, N(16) * 4, "%s", B), B + 16);                       // race: race-data
	WRITES(snprintf(A, N(16) * 4, "%s", B), A + 16);                      // race: race-data
	WRITES(snprintf(A, N(8), "%s", B), A + 7);                            // race: race-data
	READS(list_sprintf(A, "%s", B), B + 16);                              // race: race-data
	WRITES(list_sprintf(A, "%s", B), A + 16);                             // race: race-data
	READS(list_snprintf(A, N(16) * 4, "%s", B), B + 16);                  // race: race-data
	WRITES(list_snprintf(A, N(16) * 4, "%s", B), A + 16);                 // race: race-data
	READS(asprintf((char **)WORDS, "%s", B), B + 16);                     // race: race-data
	WRITES(asprintf((char **)WORDS, "%s", B), WORDS);                     // race: race-data
	WRITES(asprintf((char **)WORDS, "%s", B), *(char **)WORDS + 16);      // race: race-data
	READS(list_asprintf((char **)WORDS, "%s", B), B + 16);                // race: race-data
	WRITES(list_asprintf((char **)WORDS, "%s", B), *(char **)WORDS + 16); // race: race-data
	WRITES(list_asprintf((char **)WORDS, "%s", B), WORDS);                // race: race-data
	READS(printf("%s\n", B), B + 16);                                     // race: race-data
	READS(list_printf("%s\n", B), B + 16);                                // race: race-data
	READS(fprintf(sink, "%s", B), B + 16);                                // race: race-data
	READS(list_fprintf(sink, "%s", B), B + 16);                           // race: race-data
	READS(dprintf(sink_descriptor, "%s", B), B + 16);                     // race: race-data
	READS(list_dprintf(sink_descriptor, "%s", B), B + 16);                // race: race-data
	READS(swprintf(WA, 60, L"%ls", WB), WB + 16);                         // race: race-data
	READS(swprintf(WA, 60, L"%s", B), B + 16);                            // race: race-data
	READS(swprintf(WA, 60, WB), WB + 16);                                 // race: race-data
	WRITES(swprintf(WA, 60, L"%ls", WB), WA + 16);                        // race: race-data
	WRITES(swprintf(WA, 8, L"%ls", WB), WA + 6);                          // race: race-data
	READS(list_swprintf(WA, 60, L"%ls", WB), WB + 16);                    // race: race-data
	WRITES(list_swprintf(WA, 60, L"%ls", WB), WA + 16);                   // race: race-data
	READS(fwprintf(wide_sink, L"%ls", WB), WB + 16);                      // race: race-data
	READS(fwprintf(wide_sink, L"%s", B), B + 16);                         // race: race-data
	READS(fwprintf(wide_sink, WB), WB + 16);                              // race: race-data
	READS(list_fwprintf(wide_sink, L"%ls", WB), WB + 16);                 // race: race-data
	READS((stdout = wide_sink, wprintf(L"%ls", WB)), WB + 16);            // race: race-data
	READS(list_wprintf(L"%ls", WB), WB + 16);                             // race: race-data
}

int main(void)
{
	sink = fopen("/dev/null", "w");
	sink_descriptor = fileno(sink);
	wide_sink = fopen("/dev/null", "w");
	steps_run();
	return 0;
}
