// The annotations of a synchronisation of the program's own order, also where other synchronisation is ignored.
#include "steps.h"

static int objects[STEPS_MOST];
#define ONE          (&objects[__LINE__])
#define UNSEEN(call) (racetrack_ignore_sync_begin(), (call), racetrack_ignore_sync_end())

static void steps(void)
{
	HANDS(racetrack_release(ONE), racetrack_acquire(ONE));
	HANDS(UNSEEN(racetrack_release(ONE)), UNSEEN(racetrack_acquire(ONE)));
	racetrack_ignore_accesses_begin();
	racetrack_ignore_accesses_begin();
	HANDS(0, 0);
	racetrack_ignore_accesses_end();
	HANDS(0, 0);
	racetrack_ignore_accesses_end();
	STEP((racetrack_write(A, 0), 0), (racetrack_write(A, 0), 0));
	racetrack_name_thread("worker");
	racetrack_name_range(WORDS, sizeof WORDS, "words");
}

int main(void)
{
	steps_run();
	return 0;
}
