// What does not take a mutex, or takes another one, orders nothing.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <threads.h>
#include "steps.h"
#include "times.h"

static pthread_mutex_t mutexes[STEPS_MOST], others[STEPS_MOST];
static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP,
		       checking = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_mutex_t robust, waited = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static mtx_t mutex_c11;

#define ONE            (&mutexes[__LINE__])
#define OTHER          (&others[__LINE__])
/* Takes the mutex and keeps it. */
#define KEEP           pthread_mutex_lock(ONE)
#define PASS(mutex)    (MUST(pthread_mutex_lock(mutex) == 0), MUST(pthread_mutex_unlock(mutex) == 0))
#define TRY            pthread_mutex_trylock(ONE)
#define TIMED          pthread_mutex_timedlock(ONE, &passed)
#define CLOCKED        pthread_mutex_clocklock(ONE, CLOCK_MONOTONIC, &passed)
#define LATE           (PASS(ONE), racetrack_write(WORDS + 1, 1))
#define AGAIN(mutex)   (pthread_mutex_destroy(mutex), pthread_mutex_init(mutex, NULL), PASS(mutex))

/* Gives back what it does not own, and is refused. */
#define REFUSED(mutex) MUST(pthread_mutex_unlock(mutex) == EPERM)
#define PASS_C11       (MUST(mtx_lock(&mutex_c11) == 0), MUST(mtx_unlock(&mutex_c11) == 0))

static void make_others(void)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	MUST(pthread_mutex_init(&robust, &attributes) == 0);
	pthread_mutexattr_destroy(&attributes);
	MUST(mtx_init(&mutex_c11, mtx_plain | mtx_recursive) == thrd_success);
}

static void steps(void)
{
	HANDS(PASS(ONE), PASS(OTHER));           // race: race-data
	HANDS(KEEP, MUST(TRY == EBUSY));         // race: race-data
	HANDS(KEEP, MUST(TIMED == ETIMEDOUT));   // race: race-data
	HANDS(KEEP, MUST(CLOCKED == ETIMEDOUT)); // race: race-data
	/* the mutex is another one after it was made anew */
	HANDS(PASS(ONE), AGAIN(ONE)); // race: race-data
	/* taking orders nothing that comes after giving back */
	HANDS(LATE, LATE);                                                           // race: race-data
	HANDS(REFUSED(&recursive), PASS(&recursive));                                // race: race-data
	HANDS(REFUSED(&checking), PASS(&checking));                                  // race: race-data
	HANDS(REFUSED(&robust), PASS(&robust));                                      // race: race-data
	HANDS(MUST(pthread_cond_wait(&condition, &waited) == EPERM), PASS(&waited)); // race: race-data
	HANDS(MUST(mtx_unlock(&mutex_c11) == thrd_error), PASS_C11);                 // race: race-data
}

int main(void)
{
	make_others();
	steps_run();
	return 0;
}
