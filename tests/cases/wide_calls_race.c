// cflags: -fno-builtin -fno-inline
// Every byte that the wide character functions touch: the last one of each extent, and what is done to it.
#define _GNU_SOURCE
#include <locale.h>
#include <wchar.h>
#include "steps.h"

static wchar_t *rest;

static void steps(void)
{
	/* WA and WB hold 16 characters and the NUL */
	READS(wmemcpy(WA, WB, 7), WB + 6);                                         // race: race-data
	WRITES(wmemcpy(WA, WB, 7), WA + 6);                                        // race: race-data
	READS(wmemmove(WA, WB, 7), WB + 6);                                        // race: race-data
	WRITES(wmemmove(WA, WB, 7), WA + 6);                                       // race: race-data
	READS(wmempcpy(WA, WB, 7), WB + 6);                                        // race: race-data
	WRITES(wmempcpy(WA, WB, 7), WA + 6);                                       // race: race-data
	WRITES(wmemset(WA, 1, 7), WA + 6);                                         // race: race-data
	READS(wmemcmp(WA, WB, 7), WA + 6);                                         // race: race-data
	READS(wmemcmp(WA, WB, 7), WB + 6);                                         // race: race-data
	READS(wmemchr(WA, L'd', 7), WA + 3);                                       // race: race-data
	READS(wmemchr(WA, L'z', 7), WA + 6);                                       // race: race-data
	READS(wcslen(WA), WA + 16);                                                // race: race-data
	READS(wcsnlen(WA, 7), WA + 6);                                             // race: race-data
	READS(wcsnlen(WA, 60), WA + 16);                                           // race: race-data
	READS(wcscpy(WA, WB), WB + 16);                                            // race: race-data
	WRITES(wcscpy(WA, WB), WA + 16);                                           // race: race-data
	READS(wcpcpy(WA, WB), WB + 16);                                            // race: race-data
	WRITES(wcpcpy(WA, WB), WA + 16);                                           // race: race-data
	READS(wcsncpy(WA, WB, 7), WB + 6);                                         // race: race-data
	WRITES(wcsncpy(WA, WB, 40), WA + 39);                                      // race: race-data
	READS(wcpncpy(WA, WB, 7), WB + 6);                                         // race: race-data
	WRITES(wcpncpy(WA, WB, 40), WA + 39);                                      // race: race-data
	READS(wcscat(WA, WB), WB + 16);                                            // race: race-data
	READS(wcscat(WA, WB), WA);                                                 // race: race-data
	WRITES(wcscat(WA, WB), WA + 32);                                           // race: race-data
	READS(wcsncat(WA, WB, 7), WB + 6);                                         // race: race-data
	WRITES(wcsncat(WA, WB, 7), WA + 23);                                       // race: race-data
	READS(wcscmp(WA, WB), WA + 16);                                            // race: race-data
	READS(wcscmp(WA, WB), WB + 16);                                            // race: race-data
	READS(wcsncmp(WA, WB, 7), WA + 6);                                         // race: race-data
	READS(wcsncmp(WA, WB, 7), WB + 6);                                         // race: race-data
	READS(wcscasecmp(put_wide(WA, L"ABC"), put_wide(WB, L"abd")), WA + 2);     // race: race-data
	READS(wcscasecmp(put_wide(WA, L"ABC"), put_wide(WB, L"abd")), WB + 2);     // race: race-data
	READS(wcsncasecmp(put_wide(WA, L"ABC"), put_wide(WB, L"abc"), 2), WA + 1); // race: race-data
	READS(wcsncasecmp(put_wide(WA, L"ABC"), put_wide(WB, L"abc"), 2), WB + 1); // race: race-data
	READS(wcscoll(WA, WB), WA + 16);                                           // race: race-data
	READS(wcscoll(WA, WB), WB + 16);                                           // race: race-data
	READS(wcsxfrm(WA, WB, 60), WB + 16);                                       // race: race-data
	WRITES(wcsxfrm(WA, WB, 60), WA + 16);                                      // race: race-data
	READS(wcschr(WA, L'd'), WA + 3);                                           // race: race-data
	READS(wcschr(WA, L'z'), WA + 16);                                          // race: race-data
	READS(wcsrchr(WA, L'd'), WA + 16);                                         // race: race-data
	READS(wcschrnul(WA, L'd'), WA + 3);                                        // race: race-data
	READS(wcsstr(WA, L"fg"), WA + 6);                                          // race: race-data
	READS(wcsstr(L"fg", WB), WB);                                              // race: race-data
	READS(wcsspn(WA, L"abc"), WA + 3);                                         // race: race-data
	READS(wcsspn(L"abc", WB), WB + 2);                                         // race: race-data
	READS(wcscspn(WA, L"d"), WA + 3);                                          // race: race-data
	READS(wcscspn(L"z", WB), WB + 16);                                         // race: race-data
	READS(wcspbrk(WA, L"de"), WA + 3);                                         // race: race-data
	READS(wcspbrk(L"z", WB), WB + 16);                                         // race: race-data
	READS(wcstok(WA, L"d", &rest), WA + 2);                                    // race: race-data
	WRITES(wcstok(WA, L"d", &rest), WA + 3);                                   // race: race-data
	READS(wcstok(WA, put_wide(WB, L"xd"), &rest), WB + 1);                     // race: race-data
	WRITES(wcstok(WA, L"d", (wchar_t **)WORDS), WORDS);                        // race: race-data
	READS(wcsdup(WA), WA + 16);                                                // race: race-data
	READS(mbstowcs(WA, B, 60), B + 16);                                        // race: race-data
	WRITES(mbstowcs(WA, B, 60), WA + 16);                                      // race: race-data
	READS(mbstowcs(WA, B, 7), B + 6);                                          // race: race-data
	WRITES(mbstowcs(WA, B, 7), WA + 6);                                        // race: race-data
	READS(mbstowcs(NULL, B, 0), B + 16);                                       // race: race-data
	READS(mbstowcs(WA, put(B, "\u00e4\u00f6\u00fc"), 2), B + 3);               // race: race-data
	READS(wcstombs(A, WB, 60), WB + 16);                                       // race: race-data
	WRITES(wcstombs(A, WB, 60), A + 16);                                       // race: race-data
	READS(wcstombs(A, WB, 7), WB + 6);                                         // race: race-data
	WRITES(wcstombs(A, WB, 7), A + 6);                                         // race: race-data
	READS(wcstombs(NULL, WB, 0), WB + 16);                                     // race: race-data
	WRITES(wcstombs(A, put_wide(WB, L"\u00e4\u00f6\u00fc"), 5), A + 3);        // race: race-data
	READS(wcstombs(A, put_wide(WB, L"\u00e4\u00f6\u00fc"), 5), WB + 1);        // race: race-data
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	steps_run();
	return 0;
}
