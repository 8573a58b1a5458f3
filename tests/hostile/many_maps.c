// hostile: 30,000 mappings at a time, three times over
// seconds: 15
#include <stdio.h>
#include <sys/mman.h>

enum { MAPS = 30000 };
static char *maps[MAPS];
int main(void)
{
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < MAPS; i++)
			maps[i] = mmap(NULL, 4096, i & 1 ? PROT_READ : PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (int i = 0; i < MAPS; i++)
			if (maps[i] == MAP_FAILED)
				printf("failed at %d\n", i);
		for (int i = 0; i < MAPS; i++)
			munmap(maps[(i * 7919l) % MAPS], 4096);
	}
	puts("done");
	return 0;
}
