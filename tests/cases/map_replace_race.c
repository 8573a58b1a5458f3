// Memory that another mapping takes the place of, or that moves or shrinks away, while another thread uses it.
#define _GNU_SOURCE
#include <sys/mman.h>
#include "steps.h"

#define BYTES 16384

static char *maps[STEPS_MOST];
#define MAP                   (maps[__LINE__])
#define ANYWHERE              NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0
#define OVER                  MAP, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0

#define USED_THEN(make, gone) STEP((MAP = (make), racetrack_write(MAP + 4096, 8), 0), (gone, 0))

static void steps(void)
{
	USED_THEN(mmap(ANYWHERE), mmap(OVER));                                    // race: race-unmap
	USED_THEN(mmap(ANYWHERE), mremap(MAP, BYTES, 4096, 0));                   // race: race-unmap
	USED_THEN(mmap(ANYWHERE), mremap(MAP, BYTES, 4 * BYTES, MREMAP_MAYMOVE)); // race: race-unmap
}

int main(void)
{
	steps_run();
	return 0;
}
