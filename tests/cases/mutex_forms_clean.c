// Every way to take a mutex orders what its last owner did before what follows.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include "steps.h"
#include "times.h"

static pthread_mutex_t mutexes[STEPS_MOST];
static pthread_mutex_t recursive, checking, shared;

/* Takes the mutex by `lock` and gives it back. */
#define PASSES(mutex, lock) (MUST((lock) == 0), MUST(pthread_mutex_unlock(mutex) == 0))
#define ONE                 (&mutexes[__LINE__])
#define PASS(lock)          PASSES(ONE, lock)

#define LOCK(mutex)         PASSES(mutex, pthread_mutex_lock(mutex))
#define TRY(mutex)          PASSES(mutex, pthread_mutex_trylock(mutex))
#define TIMED               pthread_mutex_timedlock(ONE, far_ahead(CLOCK_REALTIME))
#define CLOCKED             pthread_mutex_clocklock(ONE, CLOCK_MONOTONIC, far_ahead(CLOCK_MONOTONIC))

static void make(pthread_mutex_t *mutex, int type, int sharing)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, type);
	pthread_mutexattr_setpshared(&attributes, sharing);
	MUST(pthread_mutex_init(mutex, &attributes) == 0);
	pthread_mutexattr_destroy(&attributes);
}

static void steps(void)
{
	HANDS(PASS(pthread_mutex_lock(ONE)), PASS(pthread_mutex_lock(ONE)));
	HANDS(PASS(pthread_mutex_trylock(ONE)), PASS(pthread_mutex_trylock(ONE)));
	HANDS(PASS(TIMED), PASS(pthread_mutex_lock(ONE)));
	HANDS(PASS(pthread_mutex_lock(ONE)), PASS(TIMED));
	HANDS(PASS(pthread_mutex_lock(ONE)), PASS(CLOCKED));
	HANDS(PASS(CLOCKED), PASS(pthread_mutex_lock(ONE)));
	HANDS(LOCK(&checking), LOCK(&checking));
	HANDS(LOCK(&checking), TRY(&checking));
	HANDS(LOCK(&shared), LOCK(&shared));
	/* a recursive mutex is given back by the last unlock */
	MUST(pthread_mutex_lock(&recursive) == 0);
	MUST(pthread_mutex_trylock(&recursive) == 0);
	HANDS(0, 0);
	MUST(pthread_mutex_unlock(&recursive) == 0);
	MUST(pthread_mutex_unlock(&recursive) == 0);
}

int main(void)
{
	make(&recursive, PTHREAD_MUTEX_RECURSIVE, PTHREAD_PROCESS_PRIVATE);
	make(&checking, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_PROCESS_PRIVATE);
	make(&shared, PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_SHARED);
	steps_run();
	pthread_mutex_destroy(&recursive);
	pthread_mutex_destroy(&checking);
	pthread_mutex_destroy(&shared);
	return 0;
}
