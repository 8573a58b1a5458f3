// What does not take a mutex, or takes another one, orders nothing.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include "steps.h"
#include "times.h"

static pthread_mutex_t mutexes[STEPS_MOST], others[STEPS_MOST];

#define ONE          (&mutexes[__LINE__])
#define OTHER        (&others[__LINE__])
/* Takes the mutex and keeps it. */
#define KEEP         pthread_mutex_lock(ONE)
#define PASS(mutex)  (MUST(pthread_mutex_lock(mutex) == 0), MUST(pthread_mutex_unlock(mutex) == 0))
#define TRY          pthread_mutex_trylock(ONE)
#define TIMED        pthread_mutex_timedlock(ONE, &passed)
#define CLOCKED      pthread_mutex_clocklock(ONE, CLOCK_MONOTONIC, &passed)
#define LATE         (PASS(ONE), racetrack_write(WORDS + 1, 1))
#define AGAIN(mutex) (pthread_mutex_destroy(mutex), pthread_mutex_init(mutex, NULL), PASS(mutex))

static void steps(void)
{
	HANDS(PASS(ONE), PASS(OTHER));           // race: race-data
	HANDS(KEEP, MUST(TRY == EBUSY));         // race: race-data
	HANDS(KEEP, MUST(TIMED == ETIMEDOUT));   // race: race-data
	HANDS(KEEP, MUST(CLOCKED == ETIMEDOUT)); // race: race-data
	/* the mutex is another one after it was made anew */
	HANDS(PASS(ONE), AGAIN(ONE)); // race: race-data
	/* taking orders nothing that comes after giving back */
	HANDS(LATE, LATE); // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
