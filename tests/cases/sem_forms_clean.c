// A post happens before the wait that it lets through, by every way to wait.
#define _GNU_SOURCE
#include <semaphore.h>
#include "steps.h"
#include "times.h"

static sem_t semaphores[STEPS_MOST];

#define ONE    (&semaphores[__LINE__])
#define POST   MUST(sem_post(ONE) == 0)
#define REAL   far_ahead(CLOCK_REALTIME)
#define STEADY CLOCK_MONOTONIC, far_ahead(CLOCK_MONOTONIC)

static void steps(void)
{
	HANDS(POST, MUST(sem_wait(ONE) == 0));
	HANDS(POST, MUST(sem_trywait(ONE) == 0));
	HANDS(POST, MUST(sem_timedwait(ONE, REAL) == 0));
	HANDS(POST, MUST(sem_clockwait(ONE, STEADY) == 0));
	HANDS((POST, POST), MUST(sem_wait(ONE) == 0));
}

int main(void)
{
	for (int i = 0; i < STEPS_MOST; i++)
		MUST(sem_init(&semaphores[i], 0, 0) == 0);
	steps_run();
	for (int i = 0; i < STEPS_MOST; i++)
		MUST(sem_destroy(&semaphores[i]) == 0);
	return 0;
}
