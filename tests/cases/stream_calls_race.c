// cflags: -fno-builtin -fno-inline
// What streams copy from and to the program's memory.
#define _GNU_SOURCE
#include <stdio.h>
#include <wchar.h>
#include "descriptors.h"
#include "steps.h"

#define LINE ((char **)WORDS)

static FILE *sink, *wide_sink;

static void steps(void)
{
	/* a file holds 16 characters and a newline, then "second line" */
	WRITES(fread(A, 2, 3, supply_stream()), A + 5);                       // race: race-data
	WRITES(fread_unlocked(A, 2, N(3), supply_stream()), A + 5);           // race: race-data
	READS(fwrite(A, 2, 3, sink), A + 5);                                  // race: race-data
	READS(fwrite_unlocked(A, 2, N(3), sink), A + 5);                      // race: race-data
	WRITES(fgets(A, 64, supply_stream()), A + 17);                        // race: race-data
	WRITES(fgets(A, 8, supply_stream()), A + 7);                          // race: race-data
	WRITES(fgets_unlocked(A, 64, supply_stream()), A + 17);               // race: race-data
	READS(fputs(A, sink), A + 16);                                        // race: race-data
	READS(fputs_unlocked(A, sink), A + 16);                               // race: race-data
	READS(puts(A), A + 16);                                               // race: race-data
	WRITES(fgetws(WA, 60, supply_stream()), WA + 17);                     // race: race-data
	WRITES(fgetws_unlocked(WA, 60, supply_stream()), WA + 17);            // race: race-data
	READS(fputws(WA, wide_sink), WA + 16);                                // race: race-data
	READS(fputws_unlocked(WA, wide_sink), WA + 16);                       // race: race-data
	READS(VOID(perror(A)), A + 16);                                       // race: race-data
	WRITES(getline(LINE, WORDS + 1, supply_stream()), WORDS);             // race: race-data
	WRITES(getline(LINE, WORDS + 1, supply_stream()), WORDS + 1);         // race: race-data
	WRITES(getline(LINE, WORDS + 1, supply_stream()), *LINE + 17);        // race: race-data
	WRITES(getdelim(LINE, WORDS + 1, 'd', supply_stream()), *LINE + 4);   // race: race-data
	WRITES(__getdelim(LINE, WORDS + 1, 'd', supply_stream()), *LINE + 4); // race: race-data
}

int main(void)
{
	sink = fopen("/dev/null", "w");
	wide_sink = fopen("/dev/null", "w");
	steps_run();
	return 0;
}
