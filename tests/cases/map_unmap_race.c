// Memory whose mapping goes while another thread uses it.
#define _GNU_SOURCE
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include "steps.h"

#define BYTES 16384

static char *maps[STEPS_MOST];
#define MAP      (maps[__LINE__])
#define ANYWHERE NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0

static void *attach(void)
{
	int id = shmget(IPC_PRIVATE, BYTES, IPC_CREAT | 0600);
	void *where = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	return where;
}

#define USED_THEN(make, gone) STEP((MAP = (make), racetrack_write(MAP + 4096, 8), 0), (gone, 0))

static void steps(void)
{
	USED_THEN(mmap(ANYWHERE), munmap(MAP, BYTES));                 // race: race-unmap
	USED_THEN(mmap64(ANYWHERE), munmap(MAP + 4096, 4096));         // race: race-unmap
	USED_THEN(mmap(ANYWHERE), madvise(MAP, BYTES, MADV_DONTNEED)); // race: race-data
	USED_THEN(attach(), shmdt(MAP));                               // race: race-unmap
}

int main(void)
{
	steps_run();
	return 0;
}
