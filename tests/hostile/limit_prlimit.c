// hostile: limits its address space by prlimit, then maps and allocates as far as that should go
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
int main(void)
{
	struct rlimit limit = {1u << 30, 1u << 30}, got;
	printf("%d\n", prlimit(0, RLIMIT_AS, &limit, NULL));
	prlimit(getpid(), RLIMIT_AS, NULL, &got);
	printf("%lu\n", (unsigned long)got.rlim_cur);
	char *block = malloc(100 << 20);
	printf("malloc %d\n", block != NULL);
	printf("mmap %d\n",
		mmap(NULL, 100 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	printf("too much %d\n", malloc(1u << 30) != NULL);
	return 0;
}
