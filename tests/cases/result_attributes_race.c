// cflags: -fno-builtin
// Attributes are plain memory: who sets one while another sets or reads it, or makes something by it.
#define _GNU_SOURCE
#include <sched.h>
#include <semaphore.h>
#include "steps.h"

static pthread_attr_t threads[STEPS_MOST];
static pthread_mutexattr_t mutexes[STEPS_MOST];
static pthread_condattr_t conditions[STEPS_MOST];
static pthread_rwlockattr_t locks[STEPS_MOST];
static pthread_barrierattr_t barriers[STEPS_MOST];
static sem_t semaphore;
static pthread_mutex_t mutex;
static pthread_rwlock_t rwlock;
static pthread_cond_t condition;
static pthread_barrier_t barrier;
static pthread_t made;
static pthread_attr_t started[STEPS_MOST];

static void *nothing(void *argument)
{
	return argument;
}

#define AS(type)           ((type *)(void *)WORDS)
#define OF(kind)           (&kind[__LINE__])
#define SETS(call, object) WRITES(call, object) /* all of it */
#define GETS(call, object) READS(call, object)
#define GIVES(call)        WRITES(call, WORDS)

static void of_threads(void)
{
	SETS(pthread_attr_init(OF(threads)), OF(threads));                                  // race: race-data
	SETS(pthread_attr_setdetachstate(OF(threads), 0), OF(threads));                     // race: race-data
	GETS(pthread_attr_getdetachstate(OF(threads), AS(int)), OF(threads));               // race: race-data
	GIVES(pthread_attr_getdetachstate(OF(threads), AS(int)));                           // race: race-data
	SETS(pthread_attr_setguardsize(OF(threads), 0), OF(threads));                       // race: race-data
	GIVES(pthread_attr_getguardsize(OF(threads), AS(size_t)));                          // race: race-data
	SETS(pthread_attr_setinheritsched(OF(threads), 0), OF(threads));                    // race: race-data
	GIVES(pthread_attr_getinheritsched(OF(threads), AS(int)));                          // race: race-data
	SETS(pthread_attr_setschedparam(OF(threads), AS(struct sched_param)), OF(threads)); // race: race-data
	READS(pthread_attr_setschedparam(OF(threads), AS(struct sched_param)), WORDS);      // race: race-data
	GIVES(pthread_attr_getschedparam(OF(threads), AS(struct sched_param)));             // race: race-data
	SETS(pthread_attr_setschedpolicy(OF(threads), SCHED_OTHER), OF(threads));           // race: race-data
	GIVES(pthread_attr_getschedpolicy(OF(threads), AS(int)));                           // race: race-data
	SETS(pthread_attr_setscope(OF(threads), PTHREAD_SCOPE_SYSTEM), OF(threads));        // race: race-data
	GIVES(pthread_attr_getscope(OF(threads), AS(int)));                                 // race: race-data
	SETS(pthread_attr_setstack(OF(threads), WORDS, 1 << 20), OF(threads));              // race: race-data
	GIVES(pthread_attr_getstack(OF(threads), AS(void *), (size_t *)WORDS + 1));         // race: race-data
	SETS(pthread_attr_setstacksize(OF(threads), 1 << 20), OF(threads));                 // race: race-data
	GIVES(pthread_attr_getstacksize(OF(threads), AS(size_t)));                          // race: race-data
	SETS(pthread_attr_setaffinity_np(OF(threads), 0, NULL), OF(threads));               // race: race-data
	WRITES(pthread_attr_getaffinity_np(OF(threads), 64, (cpu_set_t *)WA), WA);          // race: race-data
	SETS(pthread_attr_destroy(OF(threads)), OF(threads));                               // race: race-data
	WRITES(pthread_getattr_np(pthread_self(), OF(threads)), OF(threads));               // race: race-data
	SPARES(pthread_attr_setstacksize(OF(threads), 1), OF(threads));
}

static void of_mutexes(void)
{
	SETS(pthread_mutexattr_init(OF(mutexes)), OF(mutexes));              // race: race-data
	SETS(pthread_mutexattr_settype(OF(mutexes), 0), OF(mutexes));        // race: race-data
	GETS(pthread_mutexattr_gettype(OF(mutexes), AS(int)), OF(mutexes));  // race: race-data
	GIVES(pthread_mutexattr_gettype(OF(mutexes), AS(int)));              // race: race-data
	SETS(pthread_mutexattr_setpshared(OF(mutexes), 0), OF(mutexes));     // race: race-data
	GIVES(pthread_mutexattr_getpshared(OF(mutexes), AS(int)));           // race: race-data
	SETS(pthread_mutexattr_setprotocol(OF(mutexes), 0), OF(mutexes));    // race: race-data
	GIVES(pthread_mutexattr_getprotocol(OF(mutexes), AS(int)));          // race: race-data
	SETS(pthread_mutexattr_setrobust(OF(mutexes), 0), OF(mutexes));      // race: race-data
	GIVES(pthread_mutexattr_getrobust(OF(mutexes), AS(int)));            // race: race-data
	SETS(pthread_mutexattr_setprioceiling(OF(mutexes), 1), OF(mutexes)); // race: race-data
	GIVES(pthread_mutexattr_getprioceiling(OF(mutexes), AS(int)));       // race: race-data
	SETS(pthread_mutexattr_destroy(OF(mutexes)), OF(mutexes));           // race: race-data
	SPARES(pthread_mutexattr_settype(OF(mutexes), 99), OF(mutexes));
}

static void of_others(void)
{
	SETS(pthread_condattr_init(OF(conditions)), OF(conditions));           // race: race-data
	SETS(pthread_condattr_setclock(OF(conditions), 0), OF(conditions));    // race: race-data
	GIVES(pthread_condattr_getclock(OF(conditions), AS(clockid_t)));       // race: race-data
	SETS(pthread_condattr_setpshared(OF(conditions), 0), OF(conditions));  // race: race-data
	GIVES(pthread_condattr_getpshared(OF(conditions), AS(int)));           // race: race-data
	SETS(pthread_condattr_destroy(OF(conditions)), OF(conditions));        // race: race-data
	SETS(pthread_rwlockattr_init(OF(locks)), OF(locks));                   // race: race-data
	SETS(pthread_rwlockattr_setpshared(OF(locks), 0), OF(locks));          // race: race-data
	GIVES(pthread_rwlockattr_getpshared(OF(locks), AS(int)));              // race: race-data
	SETS(pthread_rwlockattr_setkind_np(OF(locks), 0), OF(locks));          // race: race-data
	GIVES(pthread_rwlockattr_getkind_np(OF(locks), AS(int)));              // race: race-data
	SETS(pthread_rwlockattr_destroy(OF(locks)), OF(locks));                // race: race-data
	SETS(pthread_barrierattr_init(OF(barriers)), OF(barriers));            // race: race-data
	SETS(pthread_barrierattr_setpshared(OF(barriers), 0), OF(barriers));   // race: race-data
	GIVES(pthread_barrierattr_getpshared(OF(barriers), AS(int)));          // race: race-data
	SETS(pthread_barrierattr_destroy(OF(barriers)), OF(barriers));         // race: race-data
	READS(pthread_mutex_init(&mutex, OF(mutexes)), OF(mutexes));           // race: race-data
	READS(pthread_rwlock_init(&rwlock, OF(locks)), OF(locks));             // race: race-data
	READS(pthread_cond_init(&condition, OF(conditions)), OF(conditions));  // race: race-data
	READS(pthread_barrier_init(&barrier, OF(barriers), 1), OF(barriers));  // race: race-data
	READS(pthread_create(&made, OF(started), nothing, NULL), OF(started)); // race: race-data
	READS(pthread_setname_np(pthread_self(), put(A, "name")), A);          // race: race-data
	GIVES(sem_getvalue(&semaphore, AS(int)));                              // race: race-data
}

static void steps(void)
{
	of_threads();
	of_mutexes();
	of_others();
}

int main(void)
{
	for (int i = 0; i < STEPS_MOST; i++)
		pthread_attr_init(&started[i]);
	sem_init(&semaphore, 0, 3);
	steps_run();
	return 0;
}
