// Spin locks order.
#include <pthread.h>
#include "steps.h"

static pthread_spinlock_t locks[STEPS_MOST];

#define ONE        (&locks[__LINE__])
#define PASS(lock) (MUST((lock) == 0), MUST(pthread_spin_unlock(ONE) == 0))

static void steps(void)
{
	HANDS(PASS(pthread_spin_lock(ONE)), PASS(pthread_spin_lock(ONE)));
	HANDS(PASS(pthread_spin_lock(ONE)), PASS(pthread_spin_trylock(ONE)));
	HANDS(PASS(pthread_spin_trylock(ONE)), PASS(pthread_spin_lock(ONE)));
}

int main(void)
{
	for (int i = 0; i < STEPS_MOST; i++)
		MUST(pthread_spin_init(&locks[i], PTHREAD_PROCESS_PRIVATE) == 0);
	steps_run();
	for (int i = 0; i < STEPS_MOST; i++)
		MUST(pthread_spin_destroy(&locks[i]) == 0);
	return 0;
}
