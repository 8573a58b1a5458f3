// cflags: -fno-builtin -Wno-format
// The walk over a scanf format finds the target of every kind of conversion, with all of its bytes.
#define _GNU_SOURCE
#include <locale.h>
#include <stdio.h>
#include <wchar.h>
#include "scans.h"
#include "steps.h"

#define AT(byte) ((char *)WORDS + (byte))
#define BLOCK    (*(char **)WORDS)

static int n;
static char text[64];

static void steps(void)
{
	WRITES(sscanf("5", "%d", WORDS), AT(3));                                // race: race-data
	WRITES(sscanf("0x5", "%i", WORDS), AT(3));                              // race: race-data
	WRITES(sscanf("5", "%u", WORDS), AT(3));                                // race: race-data
	WRITES(sscanf("f", "%x", WORDS), AT(3));                                // race: race-data
	WRITES(sscanf("f", "%X", WORDS), AT(3));                                // race: race-data
	WRITES(sscanf("7", "%o", WORDS), AT(3));                                // race: race-data
	WRITES(sscanf("5", "%hhd", WORDS), AT(0));                              // race: race-data
	WRITES(sscanf("5", "%hd", WORDS), AT(1));                               // race: race-data
	WRITES(sscanf("5", "%ld", WORDS), AT(7));                               // race: race-data
	WRITES(sscanf("5", "%lld", WORDS), AT(7));                              // race: race-data
	WRITES(sscanf("5", "%qd", WORDS), AT(7));                               // race: race-data
	WRITES(sscanf("5", "%Ld", WORDS), AT(7));                               // race: race-data
	WRITES(sscanf("5", "%jd", WORDS), AT(7));                               // race: race-data
	WRITES(sscanf("5", "%zd", WORDS), AT(7));                               // race: race-data
	WRITES(sscanf("5", "%td", WORDS), AT(7));                               // race: race-data
	WRITES(sscanf("0x5", "%p", WORDS), AT(7));                              // race: race-data
	WRITES(sscanf("1.5", "%f", WORDS), AT(3));                              // race: race-data
	WRITES(sscanf("1.5", "%e", WORDS), AT(3));                              // race: race-data
	WRITES(sscanf("1.5", "%g", WORDS), AT(3));                              // race: race-data
	WRITES(sscanf("1.5", "%a", WORDS), AT(3));                              // race: race-data
	WRITES(sscanf("1.5", "%lf", WORDS), AT(7));                             // race: race-data
	WRITES(sscanf("1.5", "%Lf", WORDS), AT(9));                             // race: race-data
	WRITES(sscanf("5", "%5d", WORDS), AT(3));                               // race: race-data
	WRITES(sscanf("5", "%'d", WORDS), AT(3));                               // race: race-data
	WRITES(sscanf("5", "%Id", WORDS), AT(3));                               // race: race-data
	WRITES(sscanf("a", "%c", A), A);                                        // race: race-data
	WRITES(sscanf("abcdef", "%5c", A), A + 4);                              // race: race-data
	WRITES(sscanf("abc def", "%s", A), A + 3);                              // race: race-data
	WRITES(sscanf("abcdef", "%4s", A), A + 4);                              // race: race-data
	WRITES(sscanf("abcdef", "%[a-c]", A), A + 3);                           // race: race-data
	WRITES(sscanf("]]x", "%[]]", A), A + 2);                                // race: race-data
	WRITES(sscanf("ab]", "%[^]]", A), A + 2);                               // race: race-data
	WRITES(sscanf("a]5", "%[^]]]%d", text, WORDS), AT(3));                  // race: race-data
	WRITES(sscanf("abc", "%ls", WA), WA + 3);                               // race: race-data
	WRITES(sscanf("abc", "%S", WA), WA + 3);                                // race: race-data
	WRITES(sscanf("abc", "%2lc", WA), WA + 1);                              // race: race-data
	WRITES(sscanf("abc", "%2C", WA), WA + 1);                               // race: race-data
	WRITES(sscanf("abc", "%l[ab]", WA), WA + 2);                            // race: race-data
	WRITES(sscanf("abc", "%ms", WORDS), AT(7));                             // race: race-data
	WRITES(sscanf("abc", "%ms", WORDS), BLOCK + 3);                         // race: race-data
	WRITES(sscanf("abc", "%m[ab]", WORDS), BLOCK + 2);                      // race: race-data
	WRITES(sscanf("abc", "%2mc", WORDS), BLOCK + 1);                        // race: race-data
	WRITES(sscanf("abc", "%mls", WORDS), BLOCK + 15);                       // race: race-data
	WRITES(old_sscanf("abc", "%as", WORDS), BLOCK + 3);                     // race: race-data
	WRITES(old_sscanf("abc", "%a[ab]", WORDS), BLOCK + 2);                  // race: race-data
	WRITES(old_sscanf("1.5", "%a", WORDS), AT(3));                          // race: race-data
	WRITES(old_sscanf("abc1", "%aS%d", (wchar_t **)WORDS, &n), BLOCK + 19); // race: race-data
	WRITES(sscanf("1 2 3", "%*d %d %d", &n, WORDS), AT(3));                 // race: race-data
	WRITES(sscanf("1,2%3", "%d,%d%%%d", &n, &n, WORDS), AT(3));             // race: race-data
	WRITES(sscanf("ab 5", "%*s %d", WORDS), AT(3));                         // race: race-data
	WRITES(sscanf("5 x", "%d%n", &n, WORDS), AT(3));                        // race: race-data
	WRITES(sscanf("5 x", "%d %hhn", &n, WORDS), AT(0));                     // race: race-data
	WRITES(sscanf("5 x", "%d %ln", &n, WORDS), AT(7));                      // race: race-data
	WRITES(sscanf("5,6", "%d,%n%d", &n, WORDS, &n), AT(3));                 // race: race-data
	WRITES(sscanf("5", "%n%d", WORDS, &n), AT(3));                          // race: race-data
	WRITES(sscanf("5 x", "%d %d", WORDS, &n), AT(3));                       // race: race-data
	WRITES(swscanf(L"5 6", L"%*d %d", WORDS), AT(3));                       // race: race-data
	WRITES(swscanf(L"abc", L"%s", A), A + 3);                               // race: race-data
	WRITES(swscanf(L"abc", L"%2s", A), A + 2);                              // race: race-data
	WRITES(swscanf(L"abc", L"%2c", A), A + 1);                              // race: race-data
	WRITES(swscanf(L"abc", L"%[ab]", A), A + 2);                            // race: race-data
	WRITES(swscanf(L"abc", L"%2ls", WA), WA + 2);                           // race: race-data
	WRITES(swscanf(L"abc", L"%2lc", WA), WA + 1);                           // race: race-data
	WRITES(swscanf(L"\u00e4\u00f6\u00fc", L"%2s", A), A + 4);               // race: race-data
	WRITES(swscanf(L"\u00e4\u00f6\u00fc", L"%2c", A), A + 3);               // race: race-data
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	steps_run();
	return 0;
}
