// A program's own fopen, which calls the one that it stands before.
#include <stdio.h>
#include "pair.h"

FILE *__interceptor_fopen(const char *path, const char *mode);

static int opened;

FILE *fopen(const char *path, const char *mode)
{
	opened++;
	return __interceptor_fopen(path, mode);
}

static void nothing(void)
{
}

int main(void)
{
	pair_run(nothing, nothing);
	FILE *file = fopen("/dev/null", "r");
	MUST(file && opened == 1 && fclose(file) == 0);
	return 0;
}
