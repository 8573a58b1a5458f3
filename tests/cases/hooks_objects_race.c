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
#define USED  LOCKED(mutex, ONE.mutex)
#define AGAIN LOCKED(mutex, again)

static void steps(void)
{
	STEP(pthread_mutex_init(&ONE.mutex, NULL), LOCKED(mutex, ONE.mutex));               // race: race-sync-object
	STEP(pthread_rwlock_init(&ONE.rwlock, NULL), pthread_rwlock_rdlock(&ONE.rwlock));   // race: race-sync-object
	STEP(pthread_spin_init(&ONE.spin, 0), LOCKED(spin, ONE.spin));                      // race: race-sync-object
	STEP(sem_init(&ONE.semaphore, 0, 1), sem_wait(&ONE.semaphore));                     // race: race-sync-object
	STEP(mtx_init(&ONE.mtx, mtx_plain), mtx_lock(&ONE.mtx));                            // race: race-sync-object
	STEP(pthread_cond_init(&ONE.condition, NULL), pthread_cond_signal(&ONE.condition)); // race: race-sync-object
	STEP(cnd_init(&ONE.cnd), cnd_broadcast(&ONE.cnd));                                  // race: race-sync-object
	STEP(pthread_barrier_init(&ONE.barrier, NULL, 1), pthread_barrier_wait(&ONE.barrier)); // race: race-sync-object
	STEP((LOCKED(mutex, ONE.mutex), 0), pthread_mutex_destroy(&ONE.mutex));             // race: race-sync-object
	STEP(sem_post(&ONE.semaphore), sem_destroy(&ONE.semaphore));                        // race: race-sync-object
	STEP(pthread_cond_broadcast(&ONE.condition), pthread_cond_destroy(&ONE.condition)); // race: race-sync-object
	STEP(cnd_signal(&ONE.cnd), cnd_destroy(&ONE.cnd));                                  // race: race-sync-object
	STEP((LOCKED(mutex, ONE.mutex), 0), ONE.mutex = (pthread_mutex_t){0});              // race: race-sync-object
	/* what counts is the last use, not the first */
	STEP((USED, AGAIN, USED, 0), (AGAIN, pthread_mutex_destroy(&ONE.mutex))); // race: race-sync-object
	/* all uses are one with each other */
	STEP(pthread_cond_signal(&ONE.condition), pthread_cond_broadcast(&ONE.condition));
	STEP((LOCKED(mutex, ONE.mutex), 0), LOCKED(mutex, ONE.mutex));
}

int main(void)
{
	steps_run();
	return 0;
}
