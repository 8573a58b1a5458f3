// cflags: -fno-builtin -fno-inline
// The wide character functions touch no byte beyond their extents, and only read what they only read.
#define _GNU_SOURCE
#include <locale.h>
#include <wchar.h>
#include "steps.h"

static wchar_t *rest;

static void steps(void)
{
	/* WA and WB hold 16 characters and the NUL */
	ONLY_READS(wmemcpy(WA, WB, 7), WB);
	SPARES(wmemcpy(WA, WB, 7), WB + 7);
	SPARES(wmemcpy(WA, WB, 7), WA + 7);
	SPARES(wmemmove(WA, WB, 7), WB + 7);
	SPARES(wmemmove(WA, WB, 7), WA + 7);
	SPARES(wmempcpy(WA, WB, 7), WA + 7);
	SPARES(wmemset(WA, 1, 7), WA + 7);
	SPARES(wmemcmp(WA, WB, 7), WA + 7);
	SPARES(wmemcmp(WA, L"abX", 7), WA + 3);
	ONLY_READS(wmemcmp(WA, WB, 7), WA);
	SPARES(wmemchr(WA, L'd', 7), WA + 4);
	SPARES(wmemchr(WA, L'z', 7), WA + 7);
	SPARES(wcslen(WA), WA + 17);
	SPARES(wcsnlen(WA, 7), WA + 7);
	SPARES(wcscpy(WA, WB), WB + 17);
	SPARES(wcscpy(WA, WB), WA + 17);
	SPARES(wcpcpy(WA, WB), WA + 17);
	SPARES(wcsncpy(WA, WB, 7), WB + 7);
	SPARES(wcsncpy(WA, WB, 40), WA + 40);
	SPARES(wcsncpy(WA, WB, 40), WB + 17);
	SPARES(wcpncpy(WA, WB, 40), WA + 40);
	ONLY_READS(wcscat(WA, WB), WA);
	SPARES(wcscat(WA, WB), WA + 33);
	SPARES(wcsncat(WA, WB, 7), WB + 7);
	SPARES(wcsncat(WA, WB, 7), WA + 24);
	SPARES(wcscmp(WA, L"abX"), WA + 3);
	SPARES(wcsncmp(WA, WB, 7), WA + 7);
	SPARES(wcscasecmp(put_wide(WA, L"ABC"), put_wide(WB, L"abd")), WA + 3);
	SPARES(wcsncasecmp(put_wide(WA, L"ABC"), put_wide(WB, L"abc"), 2), WB + 2);
	SPARES(wcsxfrm(WA, WB, 60), WA + 17);
	SPARES(wcschr(WA, L'd'), WA + 4);
	SPARES(wcschrnul(WA, L'd'), WA + 4);
	SPARES(wcsspn(WA, L"abc"), WA + 4);
	SPARES(wcscspn(WA, L"d"), WA + 4);
	SPARES(wcspbrk(WA, L"de"), WA + 4);
	SPARES(wcstok(WA, L"d", &rest), WA + 4);
	ONLY_READS(wcstok(WA, L"d", &rest), WA + 2);
	SPARES(wcsdup(WA), WA + 17);
	SPARES(mbstowcs(WA, B, 60), B + 17);
	SPARES(mbstowcs(WA, B, 60), WA + 17);
	SPARES(mbstowcs(WA, B, 7), B + 7);
	SPARES(mbstowcs(WA, B, 7), WA + 7);
	SPARES(mbstowcs(WA, put(B, "\u00e4\u00f6\u00fc"), 2), B + 4);
	SPARES(wcstombs(A, WB, 60), WB + 17);
	SPARES(wcstombs(A, WB, 60), A + 17);
	SPARES(wcstombs(A, WB, 7), WB + 7);
	SPARES(wcstombs(A, WB, 7), A + 7);
	SPARES(wcstombs(A, put_wide(WB, L"\u00e4\u00f6\u00fc"), 5), A + 4);
}

int main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	steps_run();
	return 0;
}
