// cflags: -fno-builtin
// Limits of memory are what the program set, and hold as without the detector.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "pair.h"

#define GIB (1ul << 30)

static void use(void)
{
	char *small = malloc(1 << 20), *volatile large = malloc(8 * GIB);
	printf("%d %d\n", small != NULL, large != NULL);
	memset(small, 1, 1 << 20);
	free(small);
}

int main(void)
{
	struct rlimit limit = {4 * GIB, RLIM_INFINITY}, now;
	struct rlimit64 limit64 = {5 * GIB, RLIM_INFINITY}, lower64 = {4 * GIB, 6 * GIB}, now64;
	MUST(getrlimit(RLIMIT_AS, &now) == 0);
	printf("%d\n", now.rlim_cur == RLIM_INFINITY);
	MUST(setrlimit(RLIMIT_AS, &limit) == 0);
	MUST(getrlimit(RLIMIT_AS, &now) == 0);
	MUST(getrlimit64(RLIMIT_AS, &now64) == 0);
	printf("%lu %lu\n", now.rlim_cur, now64.rlim_cur);
	MUST(setrlimit64(RLIMIT_AS, &limit64) == 0);
	MUST(getrlimit(RLIMIT_AS, &now) == 0);
	printf("%lu\n", now.rlim_cur);
	MUST(prlimit(0, RLIMIT_AS, &limit, &now) == 0);
	printf("%lu\n", now.rlim_cur);
	MUST(prlimit64(getpid(), RLIMIT_AS, &lower64, &now64) == 0);
	MUST(prlimit(0, RLIMIT_AS, NULL, &now) == 0);
	printf("%lu %lu %lu\n", now64.rlim_cur, now.rlim_cur, now.rlim_max);
	pair_run(use, use);
	return 0;
}
