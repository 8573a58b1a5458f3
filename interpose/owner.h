/* Who owns a mutex, by the C library's own words in it: an unlock that it is going to refuse releases nothing, and has to be
 * known before, as a release is told before the real call.
 *
 * Who may include it: interpose/. Any thread. */
#ifndef RACETRACK_INTERPOSE_OWNER_H
#define RACETRACK_INTERPOSE_OWNER_H

#include <pthread.h>
#include "shadow/thread.h"

/* __kind   7..0: .. | 5 inherits priority | 4 robust | 1..0 PTHREAD_MUTEX_TIMED_NP, _RECURSIVE_NP, ... */
enum {
	RT_MUTEX_TYPE_MASK = 3,
	RT_MUTEX_ROBUST = 1 << 4,
	RT_MUTEX_OWNER_MASK = 0x3fffffff, /* of __lock, where the kernel has the owner there */
};

/* The mutex asks who gives it back, and that is not this thread. False where it is not certain. */
static inline bool rt_mutex_refuses(const pthread_mutex_t *mutex)
{
	int kind = __atomic_load_n(&mutex->__data.__kind, __ATOMIC_RELAXED), type = kind & RT_MUTEX_TYPE_MASK;
	bool asks = type == PTHREAD_MUTEX_RECURSIVE_NP || type == PTHREAD_MUTEX_ERRORCHECK_NP ||
		    kind & RT_MUTEX_ROBUST;
	const struct rt_thread *self = rt_self;
	return RT_UNLIKELY(asks) && self &&
	       __atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED) != self->tid &&
	       (__atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) & RT_MUTEX_OWNER_MASK) != self->tid;
}

#endif
