// Every way to take a read-write lock: writers are ordered with all, readers with writers.
#define _GNU_SOURCE
#include <pthread.h>
#include "steps.h"
#include "times.h"

static pthread_rwlock_t locks[STEPS_MOST];

#define ONE        (&locks[__LINE__])
#define PASS(lock) (MUST((lock) == 0), MUST(pthread_rwlock_unlock(ONE) == 0))
#define WRITER     PASS(pthread_rwlock_wrlock(ONE))
#define READER     PASS(pthread_rwlock_rdlock(ONE))
#define REAL       far_ahead(CLOCK_REALTIME)
#define STEADY     CLOCK_MONOTONIC, far_ahead(CLOCK_MONOTONIC)

static void steps(void)
{
	HANDS(WRITER, WRITER);
	HANDS(WRITER, READER);
	HANDS(READER, WRITER);
	HANDS(PASS(pthread_rwlock_trywrlock(ONE)), PASS(pthread_rwlock_trywrlock(ONE)));
	HANDS(PASS(pthread_rwlock_timedwrlock(ONE, REAL)), PASS(pthread_rwlock_timedwrlock(ONE, REAL)));
	HANDS(PASS(pthread_rwlock_clockwrlock(ONE, STEADY)), PASS(pthread_rwlock_clockwrlock(ONE, STEADY)));
	HANDS(WRITER, PASS(pthread_rwlock_tryrdlock(ONE)));
	HANDS(WRITER, PASS(pthread_rwlock_timedrdlock(ONE, REAL)));
	HANDS(WRITER, PASS(pthread_rwlock_clockrdlock(ONE, STEADY)));
	HANDS(PASS(pthread_rwlock_tryrdlock(ONE)), WRITER);
	HANDS(PASS(pthread_rwlock_timedrdlock(ONE, REAL)), WRITER);
	HANDS(PASS(pthread_rwlock_clockrdlock(ONE, STEADY)), WRITER);
	/* through a reader to the writer after it */
	HANDS((READER, READER), (READER, WRITER));
}

int main(void)
{
	pthread_rwlock_t made;
	MUST(pthread_rwlock_init(&made, NULL) == 0);
	steps_run();
	MUST(pthread_rwlock_destroy(&made) == 0);
	return 0;
}
