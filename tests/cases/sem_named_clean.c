// A named semaphore is one, however often it was opened; one that was closed is not what lies at its address afterwards.
#define _GNU_SOURCE
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include "steps.h"

static sem_t *opened[3], *after;

static sem_t *open_named(const char *name, int flags)
{
	sem_t *semaphore = sem_open(name, flags, 0600, 0);
	MUST(semaphore != SEM_FAILED);
	return semaphore;
}

static void steps(void)
{
	HANDS(sem_post(opened[0]), sem_wait(opened[1]));
	HANDS(sem_post(opened[1]), sem_wait(opened[0]));
	HANDS(sem_post(opened[2]), sem_wait(opened[2]));
	HANDS(sem_post(after), sem_wait(after));
}

int main(void)
{
	char name[40];
	snprintf(name, sizeof(name), "/racetrack-%d", (int)getpid());
	for (int i = 0; i < 3; i++) {
		opened[i] = open_named(name, O_CREAT);
		if (i > 0)
			MUST(!sem_unlink(name));
	}
	sem_t *closed = open_named(name, O_CREAT | O_EXCL);
	MUST(!sem_unlink(name) && !sem_close(closed));
	after = mmap(closed, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MUST(after != MAP_FAILED && !sem_init(after, 0, 0));
	steps_run();
	for (int i = 0; i < 3; i++)
		MUST(!sem_close(opened[i]));
	return 0;
}
