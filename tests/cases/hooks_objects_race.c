// Objects of synchronisation that one thread makes or destroys while another uses them.
#include <semaphore.h>
#include <threads.h>
#include "steps.h"

static union object {
	pthread_mutex_t mutex;
	pthread_rwlock_t rwlock;
	pthread_spinlock_t spin;
	pthread_cond_t condition;
	pthread_barrier_t barrier;
	sem_t semaphore;
	mtx_t mtx;
	cnd_t cnd;
} objects[STEPS_MOST];
#define ONE (objects[__LINE__])
static pthread_mutex_t again;

#define LOCKED(kind, object)                                                                                 \
	(pthread_##kind##_lock(&(object)), /* the mutex would order what follows */                          \
		(void)pthread_##kind##_unlock(&(object)))
#define MUTEX     (&ONE.mutex)
#define RWLOCK    (&ONE.rwlock)
#define SEMAPHORE (&ONE.semaphore)
#define CONDITION (&ONE.condition)
#define BARRIER   (&ONE.barrier)
#define USED      LOCKED(mutex, ONE.mutex)
#define AGAIN     LOCKED(mutex, again)

static void steps(void)
{
	STEP(pthread_mutex_init(MUTEX, NULL), LOCKED(mutex, ONE.mutex));             // race: race-sync-object
	STEP(pthread_rwlock_init(RWLOCK, NULL), pthread_rwlock_rdlock(RWLOCK));      // race: race-sync-object
	STEP(pthread_spin_init(&ONE.spin, 0), LOCKED(spin, ONE.spin));               // race: race-sync-object
	STEP(sem_init(SEMAPHORE, 0, 1), sem_wait(SEMAPHORE));                        // race: race-sync-object
	STEP(mtx_init(&ONE.mtx, mtx_plain), mtx_lock(&ONE.mtx));                     // race: race-sync-object
	STEP(pthread_cond_init(CONDITION, NULL), pthread_cond_signal(CONDITION));    // race: race-sync-object
	STEP(cnd_init(&ONE.cnd), cnd_broadcast(&ONE.cnd));                           // race: race-sync-object
	STEP(pthread_barrier_init(BARRIER, NULL, 1), pthread_barrier_wait(BARRIER)); // race: race-sync-object
	STEP((USED, 0), pthread_mutex_destroy(MUTEX));                               // race: race-sync-object
	STEP(sem_post(SEMAPHORE), sem_destroy(SEMAPHORE));                           // race: race-sync-object
	STEP(pthread_cond_broadcast(CONDITION), pthread_cond_destroy(CONDITION));    // race: race-sync-object
	STEP(cnd_signal(&ONE.cnd), cnd_destroy(&ONE.cnd));                           // race: race-sync-object
	STEP((USED, 0), ONE.mutex = (pthread_mutex_t){0});                           // race: race-sync-object
	/* what counts is the last use, not the first */
	STEP((USED, AGAIN, USED, 0), (AGAIN, pthread_mutex_destroy(MUTEX))); // race: race-sync-object
	/* all uses are one with each other */
	STEP(pthread_cond_signal(CONDITION), pthread_cond_broadcast(CONDITION));
	STEP((USED, 0), USED);
}

int main(void)
{
	steps_run();
	return 0;
}
