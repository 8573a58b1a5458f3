/* Mutexes, read-write locks and spin locks. */
#include "rewrite/rewrite.h"
#include "allocating.h"
#include "object.h"
#include "owner.h"

#define KEY(object)    ((uint64_t)(uintptr_t)(object))

/* A robust mutex whose owner died is held all the same. thrd_success is 0. */
#define IS_HELD(error) (!(error) || (error) == EOWNERDEAD)

/* While the program's allocator runs, its locks order nothing. Held locks are listed at all times. */
#define TELL_LOCKED(name, object, kind, mode, error)                                                         \
	do {                                                                                                 \
		if (IS_HELD(error) && !RT_INSIDE_ALLOCATOR)                                                  \
			RT_TELL_ALWAYS(name, {                                                               \
				RT_USES_FIRST(object);                                                       \
				if (error == EOWNERDEAD)                                                     \
					rt_lock_owner_died(self, KEY(object));                               \
				rt_lock_acquire(self, &site, KEY(object), kind, mode);                       \
			});                                                                                  \
	} while (0)

#define TELL_UNLOCK(name, object, kind, uses)                                                                \
	do {                                                                                                 \
		if (!RT_INSIDE_ALLOCATOR)                                                                    \
			RT_TELL_ALWAYS(name, {                                                               \
				uses(object);                                                                \
				rt_lock_release(self, &site, KEY(object), kind);                             \
			});                                                                                  \
	} while (0)

#define TELL_CREATED(name, object, kind, error)                                                              \
	do {                                                                                                 \
		if (!(error))                                                                                \
			RT_TELL_ALWAYS(name, {                                                               \
				RT_CHANGES(object);                                                          \
				rt_sync_create(self, &site, KEY(object), kind);                              \
			});                                                                                  \
	} while (0)

#define TELL_DESTROYED(name, object, error)                                                                  \
	do {                                                                                                 \
		if (!(error))                                                                                \
			RT_TELL_ALWAYS(name, {                                                               \
				RT_CHANGES(object);                                                          \
				rt_sync_destroy(self, KEY(object));                                          \
			});                                                                                  \
	} while (0)

#define LOCK_BODY(name, object, kind, mode, call)                                                            \
	int error = call;                                                                                    \
	TELL_LOCKED(name, object, kind, mode, error);                                                        \
	return error

/* Told before: the next owner must find it. */
#define UNLOCK_BODY(name, object, kind, uses)                                                                \
	TELL_UNLOCK(name, object, kind, uses);                                                               \
	return rt_real.name(object)

/* What the C library is going to refuse releases nothing. */
#define UNLOCK_MUTEX_BODY(name, mutex)                                                                       \
	if (rt_mutex_refuses((const pthread_mutex_t *)(mutex))) {                                            \
		RT_TELL(name, RT_USES(mutex));                                                               \
		return rt_real.name(mutex);                                                                  \
	}                                                                                                    \
	UNLOCK_BODY(name, mutex, "mutex", RT_USES)

#define INIT_BODY(name, object, kind, call)                                                                  \
	int error = call;                                                                                    \
	TELL_CREATED(name, object, kind, error);                                                             \
	return error

#define LOCKS(name, type, kind, mode)                                                                        \
	int rt_wrap_##name(type *lock)                                                                       \
	{                                                                                                    \
		LOCK_BODY(name, lock, kind, mode, rt_real.name(lock));                                       \
	}
#define LOCKS_UNTIL(name, type, kind, mode)                                                                  \
	int rt_wrap_##name(type *lock, const struct timespec *until)                                         \
	{                                                                                                    \
		RT_TELL_GIVEN(name, until);                                                                  \
		LOCK_BODY(name, lock, kind, mode, rt_real.name(lock, until));                                \
	}
#define LOCKS_UNTIL_CLOCK(name, type, kind, mode)                                                            \
	int rt_wrap_##name(type *lock, clockid_t clock, const struct timespec *until)                        \
	{                                                                                                    \
		RT_TELL_GIVEN(name, until);                                                                  \
		LOCK_BODY(name, lock, kind, mode, rt_real.name(lock, clock, until));                         \
	}
#define DESTROYS(name, type)                                                                                 \
	int rt_wrap_##name(type *lock)                                                                       \
	{                                                                                                    \
		int error = rt_real.name(lock);                                                              \
		TELL_DESTROYED(name, lock, error);                                                           \
		return error;                                                                                \
	}

/* ---- mutexes ---- */

int rt_wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
	RT_TELL_GIVEN(pthread_mutex_init, attributes);
	INIT_BODY(pthread_mutex_init, mutex, "mutex", rt_real.pthread_mutex_init(mutex, attributes));
}

int rt_wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
	rt_rewrite_look();
	LOCK_BODY(pthread_mutex_lock, mutex, "mutex", RT_LOCK_EXCLUSIVE, rt_real.pthread_mutex_lock(mutex));
}

int rt_wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	UNLOCK_MUTEX_BODY(pthread_mutex_unlock, mutex);
}

LOCKS(pthread_mutex_trylock, pthread_mutex_t, "mutex", RT_LOCK_EXCLUSIVE)
LOCKS_UNTIL(pthread_mutex_timedlock, pthread_mutex_t, "mutex", RT_LOCK_EXCLUSIVE)
LOCKS_UNTIL_CLOCK(pthread_mutex_clocklock, pthread_mutex_t, "mutex", RT_LOCK_EXCLUSIVE)
DESTROYS(pthread_mutex_destroy, pthread_mutex_t)

/* ---- read-write locks ---- */

int rt_wrap_pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes)
{
	RT_TELL_GIVEN(pthread_rwlock_init, attributes);
	INIT_BODY(pthread_rwlock_init, lock, "rwlock", rt_real.pthread_rwlock_init(lock, attributes));
}

int rt_wrap_pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	UNLOCK_BODY(pthread_rwlock_unlock, lock, "rwlock", RT_USES_FIRST);
}

LOCKS(pthread_rwlock_rdlock, pthread_rwlock_t, "rwlock", RT_LOCK_SHARED)
LOCKS(pthread_rwlock_tryrdlock, pthread_rwlock_t, "rwlock", RT_LOCK_SHARED)
LOCKS_UNTIL(pthread_rwlock_timedrdlock, pthread_rwlock_t, "rwlock", RT_LOCK_SHARED)
LOCKS_UNTIL_CLOCK(pthread_rwlock_clockrdlock, pthread_rwlock_t, "rwlock", RT_LOCK_SHARED)
LOCKS(pthread_rwlock_wrlock, pthread_rwlock_t, "rwlock", RT_LOCK_EXCLUSIVE)
LOCKS(pthread_rwlock_trywrlock, pthread_rwlock_t, "rwlock", RT_LOCK_EXCLUSIVE)
LOCKS_UNTIL(pthread_rwlock_timedwrlock, pthread_rwlock_t, "rwlock", RT_LOCK_EXCLUSIVE)
LOCKS_UNTIL_CLOCK(pthread_rwlock_clockwrlock, pthread_rwlock_t, "rwlock", RT_LOCK_EXCLUSIVE)
DESTROYS(pthread_rwlock_destroy, pthread_rwlock_t)

/* ---- spin locks ---- */

int rt_wrap_pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	INIT_BODY(pthread_spin_init, lock, "spin lock", rt_real.pthread_spin_init(lock, shared));
}

int rt_wrap_pthread_spin_unlock(pthread_spinlock_t *lock)
{
	UNLOCK_BODY(pthread_spin_unlock, lock, "spin lock", RT_USES);
}

LOCKS(pthread_spin_lock, pthread_spinlock_t, "spin lock", RT_LOCK_EXCLUSIVE)
LOCKS(pthread_spin_trylock, pthread_spinlock_t, "spin lock", RT_LOCK_EXCLUSIVE)
DESTROYS(pthread_spin_destroy, pthread_spinlock_t)

/* ---- C11 mutexes: the same objects by other names ---- */

int rt_wrap_mtx_init(mtx_t *mutex, int type)
{
	INIT_BODY(mtx_init, mutex, "mutex", rt_real.mtx_init(mutex, type));
}

void rt_wrap_mtx_destroy(mtx_t *mutex)
{
	rt_real.mtx_destroy(mutex);
	TELL_DESTROYED(mtx_destroy, mutex, 0);
}

int rt_wrap_mtx_unlock(mtx_t *mutex)
{
	UNLOCK_MUTEX_BODY(mtx_unlock, mutex);
}

LOCKS(mtx_lock, mtx_t, "mutex", RT_LOCK_EXCLUSIVE)
LOCKS(mtx_trylock, mtx_t, "mutex", RT_LOCK_EXCLUSIVE)
LOCKS_UNTIL(mtx_timedlock, mtx_t, "mutex", RT_LOCK_EXCLUSIVE)
