// cflags: -fno-builtin -Wno-format
// The walk over a format reads no more than the conversions do, and ends without harm where it does not follow.
#define _GNU_SOURCE
#include <locale.h>
#include <stdio.h>
#include <wchar.h>
#include "steps.h"

#define TO to, sizeof to
static char to[512];

static void steps(void)
{
	ONLY_READS(snprintf(TO, "%s", B), B);
	SPARES(snprintf(TO, "%s", B), B + 17);
	SPARES(snprintf(TO, "%.7s", B), B + 7);
	SPARES(snprintf(TO, "%.*s", 7, B), B + 7);
	SPARES(snprintf(TO, "%.0s", B), B);
	SPARES(snprintf(TO, "%.s", B), B);
	SPARES(snprintf(TO, "%p", B), B);
	SPARES(snprintf(TO, "%ls", WB), WB + 17);
	SPARES(snprintf(TO, "%.7ls", WB), WB + 7);
	SPARES(snprintf(TO, "%.5ls", put_wide(WB, L"\u00e4\u00f6\u00fc")), WB + 2);
	SPARES(snprintf(TO, "%hhn", (signed char *)WORDS), (char *)WORDS + 1);
	SPARES(snprintf(TO, "%hn", (short *)WORDS), (char *)WORDS + 2);
	SPARES(snprintf(TO, "%n", (int *)WORDS), (char *)WORDS + 4);
	SPARES(snprintf(A, 64, "%s", B), A + 17);
	SPARES(snprintf(A, 8, "%s", B), A + 8);
	SPARES(snprintf(A, 0, "%s", B), A);
	SPARES(sprintf(A, "%s", B), A + 17);
	SPARES(swprintf(WA, 60, L"%ls", WB), WA + 17);
	SPARES(swprintf(WA, 8, L"%ls", WB), WA + 8);
	SPARES(snprintf(TO, "%2$d %1$s", B, 1), A);
	SPARES(snprintf(TO, "%1$*2$d", 1, 2), A);
	SPARES(snprintf(TO, "%y %s", B), A);
	SPARES(snprintf(TO, "%"), A);
	SPARES(snprintf(TO, "%99999999999999d"), A);
	SPARES(snprintf(TO, "%s", NULL), A);
}

static void show(void)
{
	char to[64];
	snprintf(TO, "%3$s-%1$d-%2$s", 7, "two", "three");
	puts(to);
	printf("%*d|%-*d|%.*f|%s|%ls|%c|%Lf|%%\n", 5, 1, 5, 2, 2, 3.14159, "text", L"wide", 'c', 1.5L);
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	pair_run(show, show);
	steps_run();
	return 0;
}
