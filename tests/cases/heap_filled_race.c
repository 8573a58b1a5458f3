// cflags: -fno-builtin
// Blocks that the C library fills before it gives them out. Another thread gets them without an order.
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include "pair.h"

static struct gate gate;
static char *copy, *part;
static wchar_t *wide;

static void *give(void *unused)
{
	copy = strdup("a text");              // race: race-data copy
	part = strndup("a text and more", 6); // race: race-data part
	wide = wcsdup(L"a text");             // race: race-data wide
	gate_open(&gate, 1);
	return unused;
}

static void *take(void *unused)
{
	gate_wait(&gate, 1);
	MUST(strlen(copy) == 6); // race: race-data copy
	MUST(strlen(part) == 6); // race: race-data part
	MUST(wcslen(wide) == 6); // race: race-data wide
	return unused;
}

int main(void)
{
	pthread_t threads[2];
	MUST(!pthread_create(&threads[0], NULL, give, NULL));
	MUST(!pthread_create(&threads[1], NULL, take, NULL));
	for (int i = 0; i < 2; i++)
		MUST(!pthread_join(threads[i], NULL));
	return 0;
}
