// Locking all memory locks the program's, within its limit, and works for memory of later.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include "pair.h"

enum { BLOCK_BYTES = 1 << 20, MOST_BYTES = 100 << 20 };

static void use(void)
{
	char *block = mmap(NULL, BLOCK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	printf("%d\n", block != MAP_FAILED);
	if (block != MAP_FAILED)
		munmap(block, BLOCK_BYTES);
}

int main(void)
{
	struct rlimit limit;
	MUST(getrlimit(RLIMIT_MEMLOCK, &limit) == 0);
	limit.rlim_cur = limit.rlim_max < MOST_BYTES ? limit.rlim_max : MOST_BYTES;
	MUST(setrlimit(RLIMIT_MEMLOCK, &limit) == 0);
	printf("%d\n", mlockall(MCL_CURRENT | MCL_FUTURE));
	printf("%d %d\n", mlockall(MCL_ONFAULT), errno);
	use();
	munlockall();
	printf("%d\n", mlockall(MCL_CURRENT | MCL_ONFAULT));
	return 0;
}
