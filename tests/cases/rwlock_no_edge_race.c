// Readers do not order each other, and what does not take a lock orders nothing.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include "steps.h"
#include "times.h"

static pthread_rwlock_t locks[STEPS_MOST], others[STEPS_MOST];

#define ONE                (&locks[__LINE__])
#define OTHER              (&others[__LINE__])
#define PASSES(lock, take) (MUST((take) == 0), MUST(pthread_rwlock_unlock(lock) == 0))
#define READ               PASSES(ONE, pthread_rwlock_rdlock(ONE))
#define TRY                PASSES(ONE, pthread_rwlock_tryrdlock(ONE))
#define TIMED              PASSES(ONE, pthread_rwlock_timedrdlock(ONE, far_ahead(CLOCK_REALTIME)))
#define WRITE(lock)        PASSES(lock, pthread_rwlock_wrlock(lock))
#define KEEP               pthread_rwlock_wrlock(ONE)
#define AGAIN              (pthread_rwlock_destroy(ONE), pthread_rwlock_init(ONE, NULL), WRITE(ONE))
#define STEADY             CLOCK_MONOTONIC
#define BUSY(take)         MUST((take) == EBUSY)
#define LATE(take)         MUST((take) == ETIMEDOUT)

static void steps(void)
{
	HANDS(READ, READ);                                                   // race: race-data
	HANDS(READ, TRY);                                                    // race: race-data
	HANDS(TRY, READ);                                                    // race: race-data
	HANDS(READ, TIMED);                                                  // race: race-data
	HANDS(WRITE(ONE), WRITE(OTHER));                                     // race: race-data
	HANDS(KEEP, BUSY(pthread_rwlock_tryrdlock(ONE)));                    // race: race-data
	HANDS(KEEP, BUSY(pthread_rwlock_trywrlock(ONE)));                    // race: race-data
	HANDS(KEEP, LATE(pthread_rwlock_timedrdlock(ONE, &passed)));         // race: race-data
	HANDS(KEEP, LATE(pthread_rwlock_timedwrlock(ONE, &passed)));         // race: race-data
	HANDS(KEEP, LATE(pthread_rwlock_clockrdlock(ONE, STEADY, &passed))); // race: race-data
	HANDS(KEEP, LATE(pthread_rwlock_clockwrlock(ONE, STEADY, &passed))); // race: race-data
	HANDS(WRITE(ONE), AGAIN);                                            // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
