/* Barriers. */
#include "object.h"
#include "round.h"

#define KEY(object)      ((uint64_t)(uintptr_t)(object))

/* The second byte stands for the way out: a thread is on it until the barrier is destroyed. glibc's destroying waits for those
 * who are leaving, which POSIX does not ask of it: who was told that he is the serial one, and destroys it, is an inferred
 * finding. That he frees it then is none. */
#define WAY_OUT(barrier) ((char *)(barrier) + 1)

/* Threads of other processes that share it come unseen. */
static bool is_shared(const pthread_barrierattr_t *attributes)
{
	int shared = PTHREAD_PROCESS_PRIVATE;
	return attributes && (rt_real.pthread_barrierattr_getpshared(attributes, &shared) || shared);
}

int rt_wrap_pthread_barrier_init(
	pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes, unsigned int count)
{
	RT_TELL_GIVEN(pthread_barrier_init, attributes);
	int error = rt_real.pthread_barrier_init(barrier, attributes, count);
	if (!error)
		RT_TELL_ALWAYS(pthread_barrier_init, {
			RT_CHANGES(barrier);
			rt_sync_create(self, &site, KEY(barrier), "barrier");
			rt_barrier_made(self, barrier, is_shared(attributes) ? 0 : count);
			RT_CHANGES(WAY_OUT(barrier));
		});
	return error;
}

int rt_wrap_pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	int error = rt_real.pthread_barrier_destroy(barrier);
	if (!error)
		RT_TELL_ALWAYS(pthread_barrier_destroy, {
			RT_CHANGES(barrier);
			rt_sync_destroy(self, KEY(barrier));
			rt_barrier_gone(self, barrier);
			RT_CHANGES(WAY_OUT(barrier));
			if (!rt_sync_ignored(self))
				rt_sync_acquire(self, &site, KEY(WAY_OUT(barrier)), "barrier");
			rt_sync_destroy(self, KEY(WAY_OUT(barrier)));
		});
	return error;
}

/* The way out is told of before, too: once others are let go, the barrier may be destroyed. It is no part of what a round's
 * clock knows, only of what destroying acquires. */
int rt_wrap_pthread_barrier_wait(pthread_barrier_t *barrier)
{
	struct rt_round round = {0};
	rt_rewrite_look();
	RT_TELL(pthread_barrier_wait, {
		RT_USES(barrier);
		round = rt_barrier_enter(self, &site, barrier);
		if (rt_object_is_told(site.pc) && !rt_sync_ignored(self)) {
			rt_object_leave(self, &site, WAY_OUT(barrier));
			rt_sync_release(self, &site, KEY(WAY_OUT(barrier)), "barrier");
		}
	});
	int result = rt_real.pthread_barrier_wait(barrier);
	if (round.barrier || rt_watching)
		RT_TELL_ALWAYS(pthread_barrier_wait, rt_barrier_leave(self, &site, barrier, round));
	return result;
}
