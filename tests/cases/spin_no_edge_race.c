// A spin lock that is not taken, or is another one, orders nothing.
#include <errno.h>
#include <pthread.h>
#include "steps.h"

static pthread_spinlock_t locks[STEPS_MOST], others[STEPS_MOST];

#define ONE        (&locks[__LINE__])
#define OTHER      (&others[__LINE__])
#define PASS(lock) (MUST(pthread_spin_lock(lock) == 0), MUST(pthread_spin_unlock(lock) == 0))
#define AGAIN      (pthread_spin_destroy(ONE), pthread_spin_init(ONE, PTHREAD_PROCESS_PRIVATE), PASS(ONE))

static void steps(void)
{
	HANDS(PASS(ONE), PASS(OTHER));                                           // race: race-data
	HANDS(pthread_spin_lock(ONE), MUST(pthread_spin_trylock(ONE) == EBUSY)); // race: race-data
	HANDS(PASS(ONE), AGAIN);                                                 // race: race-data
}

int main(void)
{
	for (int i = 0; i < STEPS_MOST; i++) {
		MUST(pthread_spin_init(&locks[i], PTHREAD_PROCESS_PRIVATE) == 0);
		MUST(pthread_spin_init(&others[i], PTHREAD_PROCESS_PRIVATE) == 0);
	}
	steps_run();
	return 0;
}
