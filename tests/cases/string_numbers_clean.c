// cflags: -fno-builtin -fno-inline
// Numbers: results, ends and errno as without the detector; nothing beyond the byte that ends the number is read.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include "steps.h"

static void steps(void)
{
	SPARES(strtol(put(A, "12x"), NULL, 10), A + 3);
	SPARES(strtod(put(A, "1.5x"), NULL), A + 4);
	SPARES(strtold(put(A, "1.5x"), NULL), A + 4);
	SPARES(atoi(put(A, "12x")), A + 3);
	SPARES(atof(put(A, "1.5x")), A + 4);
	ONLY_READS(strtoull(put(A, "12x"), NULL, 10), A);
}

static void show(const char *text)
{
	char *end = NULL;
	errno = 0;
	long number = strtol(text, &end, 0);
	printf("%ld %td %d\n", number, end - text, errno);
	errno = 0;
	unsigned long positive = strtoul(text, &end, 16);
	printf("%lu %td %d\n", positive, end - text, errno);
	errno = 0;
	double real = strtod(text, &end);
	printf("%g %td %d\n", real, end - text, errno);
	printf("%d %ld %lld %g\n", atoi(text), atol(text), atoll(text), atof(text));
}

static void show_all(void)
{
	static const char *const texts[] = {
		"", "  -17rest", "0x1fg", "99999999999999999999", "1e999", "nan", "+", "-"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		show(texts[i]);
	char *end = NULL;
	errno = 0;
	long refused = strtol("12", &end, 99);
	printf("%ld %d\n", refused, errno);
}

int main(void)
{
	show_all();
	pair_run(show_all, show_all);
	steps_run();
	return 0;
}
