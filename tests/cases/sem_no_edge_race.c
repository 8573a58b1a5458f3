// A wait that fails orders nothing, and neither do another semaphore and two waits.
#define _GNU_SOURCE
#include <errno.h>
#include <semaphore.h>
#include "steps.h"
#include "times.h"

static sem_t empty[STEPS_MOST], full[STEPS_MOST];

#define EMPTY            (&empty[__LINE__])
#define FULL             (&full[__LINE__])

#define STEADY           CLOCK_MONOTONIC
#define FAILS(wait, why) MUST((wait) == -1 && errno == (why))

static void steps(void)
{
	HANDS(0, FAILS(sem_trywait(EMPTY), EAGAIN));                       // race: race-data
	HANDS(0, FAILS(sem_timedwait(EMPTY, &passed), ETIMEDOUT));         // race: race-data
	HANDS(0, FAILS(sem_clockwait(EMPTY, STEADY, &passed), ETIMEDOUT)); // race: race-data
	HANDS(sem_wait(FULL), sem_wait(FULL));                             // race: race-data
	HANDS(sem_post(EMPTY), sem_wait(FULL));                            // race: race-data
}

int main(void)
{
	for (int i = 0; i < STEPS_MOST; i++) {
		MUST(sem_init(&empty[i], 0, 0) == 0);
		MUST(sem_init(&full[i], 0, 3) == 0);
	}
	steps_run();
	return 0;
}
