// cflags: -fno-builtin
// Blocks that the C library fills before it gives them out. Another thread gets them without an order.
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "pair.h"

static char *copy, *part;
static wchar_t *wide;

static void give(void)
{
	copy = strdup("a text");              // race: race-data copy
	part = strndup("a text and more", 6); // race: race-data part
	wide = wcsdup(L"a text");             // race: race-data wide
}

static void take(void)
{
	MUST(strlen(copy) == 6); // race: race-data copy
	MUST(strlen(part) == 6); // race: race-data part
	MUST(wcslen(wide) == 6); // race: race-data wide
}

int main(void)
{
	pair_run(give, take);
	return 0;
}
