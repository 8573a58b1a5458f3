// cflags: -O2
// The inline forms of characters through streams call the C library only when their buffer is full or empty.
#define _GNU_SOURCE
#include <stdio.h>
#include "pipes.h"

static void steps(void)
{
	HANDS(MUST(putc_unlocked('x', OUT) == 'x'), MUST(fgetc(IN) == 'x'));
	HANDS(MUST(fputc('x', OUT) == 'x'), MUST(getc_unlocked(IN) == 'x'));
	HANDS((stdout = OUT, MUST(putchar_unlocked('x') == 'x')), MUST(fgetc(IN) == 'x'));
	HANDS((stdout = OUT, MUST(putchar('x') == 'x')), MUST(fgetc(IN) == 'x'));
	HANDS(MUST(fputc('x', OUT) == 'x'), (stdin = IN, MUST(getchar() == 'x')));
	HANDS(MUST(fputc('x', OUT) == 'x'), (stdin = IN, MUST(getchar_unlocked() == 'x')));
}

int main(void)
{
	steps_run();
	return 0;
}
