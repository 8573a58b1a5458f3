// cflags: -fno-builtin -fno-inline
// Input writes what came and no more; output only reads.
#define _GNU_SOURCE
#include <stdio.h>
#include <wchar.h>
#include "descriptors.h"
#include "steps.h"

#define LINE ((char **)WORDS)

static FILE *sink, *wide_sink;

static void steps(void)
{
	SPARES(fread(A, 2, 3, supply_stream()), A + 6);
	SPARES(fread(A, 1, 60, supply_stream()), A + 29);
	ONLY_READS(fwrite(A, 2, 3, sink), A);
	SPARES(fwrite(A, 2, 3, sink), A + 6);
	SPARES(fgets(A, 64, supply_stream()), A + 18);
	SPARES(fgets(A, 8, supply_stream()), A + 8);
	SPARES(fgets(A, 8, sink), A);
	ONLY_READS(fputs(A, sink), A);
	SPARES(fputs(A, sink), A + 17);
	SPARES(fgetws(WA, 60, supply_stream()), WA + 18);
	SPARES(fputws(WA, wide_sink), WA + 17);
	SPARES(getline(LINE, WORDS + 1, supply_stream()), *LINE + 18);
	SPARES(getdelim(LINE, WORDS + 1, 'd', supply_stream()), *LINE + 5);
}

int main(void)
{
	sink = fopen("/dev/null", "w");
	wide_sink = fopen("/dev/null", "w");
	steps_run();
	return 0;
}
