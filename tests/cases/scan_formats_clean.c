// cflags: -fno-builtin -Wno-format
// Formatted input writes no more than it assigned, and reads what it is given only.
#define _GNU_SOURCE
#include <locale.h>
#include <stdio.h>
#include <wchar.h>
#include "scans.h"
#include "steps.h"

#define AT(byte) ((char *)WORDS + (byte))

static int n;

static void steps(void)
{
	ONLY_READS(sscanf(B, "%s", A), B);
	SPARES(sscanf(B, "%s", A), B + 17);
	SPARES(sscanf("5", "%d", WORDS), AT(4));
	SPARES(sscanf("5", "%hhd", WORDS), AT(1));
	SPARES(sscanf("5", "%hd", WORDS), AT(2));
	SPARES(sscanf("5", "%ld", WORDS), AT(8));
	SPARES(sscanf("0x5", "%p", WORDS), AT(8));
	SPARES(sscanf("1.5", "%f", WORDS), AT(4));
	SPARES(sscanf("1.5", "%lf", WORDS), AT(8));
	SPARES(sscanf("1.5", "%Lf", WORDS), AT(10));
	SPARES(sscanf("a", "%c", A), A + 1);
	SPARES(sscanf("abcdef", "%5c", A), A + 5);
	SPARES(sscanf("abc def", "%s", A), A + 4);
	SPARES(sscanf("abcdef", "%4s", A), A + 5);
	SPARES(sscanf("abcdef", "%[a-c]", A), A + 4);
	SPARES(sscanf("abc", "%ls", WA), WA + 4);
	SPARES(sscanf("abc", "%2lc", WA), WA + 2);
	SPARES(swscanf(L"abc", L"%2s", A), A + 3);
	SPARES(swscanf(L"\u00e4\u00f6\u00fc", L"%2s", A), A + 5);
	SPARES(sscanf("5 x", "%d %d", &n, WORDS), WORDS);
	SPARES(sscanf("x", "%d", WORDS), WORDS);
	SPARES(sscanf("", "%d", WORDS), WORDS);
	SPARES(sscanf("5", "%*d", WORDS), WORDS);
	SPARES(sscanf("5;", "%d,%n", &n, WORDS), WORDS);
	SPARES(sscanf("5 x", "%d%*d%n", &n, WORDS), WORDS);
	SPARES(sscanf("5", "%d%*n", &n, WORDS), WORDS);
	SPARES(sscanf("5 6", "%2$d %1$d", WORDS, &n), AT(4));
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	steps_run();
	return 0;
}
