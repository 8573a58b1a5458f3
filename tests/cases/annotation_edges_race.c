// What orders nothing: another object, the wrong way round, and locks while synchronisation is ignored.
#include "steps.h"

static int objects[STEPS_MOST], others[STEPS_MOST];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

#define ONE          (&objects[__LINE__])
#define OTHER        (&others[__LINE__])
#define UNSEEN(call) (racetrack_ignore_sync_begin(), (call), racetrack_ignore_sync_end())
#define PASS         (pthread_mutex_lock(&mutex), pthread_mutex_unlock(&mutex))

static void steps(void)
{
	HANDS(0, 0);                                             // race: race-data
	HANDS(racetrack_release(ONE), racetrack_acquire(OTHER)); // race: race-data
	HANDS(racetrack_acquire(ONE), racetrack_release(ONE));   // race: race-data
	HANDS(racetrack_acquire(ONE), racetrack_acquire(ONE));   // race: race-data
	HANDS(UNSEEN(PASS), UNSEEN(PASS));                       // race: race-data
	racetrack_ignore_accesses_begin();
	HANDS(0, 0);
	racetrack_ignore_accesses_end();
	HANDS(0, 0); // race: race-data
}

int main(void)
{
	steps_run();
	return 0;
}
