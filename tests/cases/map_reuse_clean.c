// cflags: -fno-builtin
// Addresses that another mapping had before are fresh; what is not unmapped and not dropped is not touched.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include "pair.h"

#define BYTES    65536
#define ANYWHERE NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0
#define THERE    kept, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0

static char *kept, *half;
static int segment;

static void use(void)
{
	char *map = mmap(ANYWHERE);
	MUST(map != MAP_FAILED);
	memset(map, 1, BYTES);
	map = mremap(map, BYTES, 2 * BYTES, MREMAP_MAYMOVE);
	MUST(map != MAP_FAILED);
	memset(map, 2, 2 * BYTES);
	MUST(munmap(map, 2 * BYTES) == 0);
	map = mmap64(ANYWHERE);
	memset(map, 3, BYTES);
	MUST(madvise(map, BYTES, MADV_DONTNEED) == 0);
	MUST(munmap(map, BYTES) == 0);
	char *shared = shmat(segment, NULL, 0);
	MUST(shmdt(shared) == 0);
	MUST(munmap((char *)1, 4096) == -1);
}

static void first(void)
{
	use();
	racetrack_write(half, 8);
	MUST(munmap(kept, BYTES) == 0);
}

static void second(void)
{
	use();
	MUST(mmap(THERE) == kept);
	memset(kept, 1, BYTES);
	MUST(madvise(half, BYTES, MADV_WILLNEED) == 0);
	MUST(munmap(half + 4096, 4096) == 0);
}

int main(void)
{
	kept = mmap(ANYWHERE);
	half = mmap(ANYWHERE);
	segment = shmget(IPC_PRIVATE, BYTES, IPC_CREAT | 0600);
	pair_run(first, second);
	shmctl(segment, IPC_RMID, NULL);
	puts("done");
	return 0;
}
