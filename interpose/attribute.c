/* Attributes of threads, mutexes, condition variables, locks and barriers: plain memory, each as a whole. */
#include "attribute.h"

RT_MAKES(pthread_attr_init, pthread_attr_t)
RT_MAKES(pthread_attr_destroy, pthread_attr_t)
RT_GETS(pthread_attr_getdetachstate, pthread_attr_t, int)
RT_SETS(pthread_attr_setdetachstate, pthread_attr_t, int)
RT_GETS(pthread_attr_getguardsize, pthread_attr_t, size_t)
RT_SETS(pthread_attr_setguardsize, pthread_attr_t, size_t)
RT_GETS(pthread_attr_getinheritsched, pthread_attr_t, int)
RT_SETS(pthread_attr_setinheritsched, pthread_attr_t, int)
RT_GETS(pthread_attr_getschedpolicy, pthread_attr_t, int)
RT_SETS(pthread_attr_setschedpolicy, pthread_attr_t, int)
RT_GETS(pthread_attr_getscope, pthread_attr_t, int)
RT_SETS(pthread_attr_setscope, pthread_attr_t, int)
RT_GETS(pthread_attr_getstacksize, pthread_attr_t, size_t)
RT_SETS(pthread_attr_setstacksize, pthread_attr_t, size_t)

RT_MAKES(pthread_mutexattr_init, pthread_mutexattr_t)
RT_MAKES(pthread_mutexattr_destroy, pthread_mutexattr_t)
RT_GETS(pthread_mutexattr_gettype, pthread_mutexattr_t, int)
RT_SETS(pthread_mutexattr_settype, pthread_mutexattr_t, int)
RT_GETS(pthread_mutexattr_getpshared, pthread_mutexattr_t, int)
RT_SETS(pthread_mutexattr_setpshared, pthread_mutexattr_t, int)
RT_GETS(pthread_mutexattr_getprotocol, pthread_mutexattr_t, int)
RT_SETS(pthread_mutexattr_setprotocol, pthread_mutexattr_t, int)
RT_GETS(pthread_mutexattr_getrobust, pthread_mutexattr_t, int)
RT_SETS(pthread_mutexattr_setrobust, pthread_mutexattr_t, int)
RT_GETS(pthread_mutexattr_getprioceiling, pthread_mutexattr_t, int)
RT_SETS(pthread_mutexattr_setprioceiling, pthread_mutexattr_t, int)

RT_MAKES(pthread_condattr_init, pthread_condattr_t)
RT_MAKES(pthread_condattr_destroy, pthread_condattr_t)
RT_GETS(pthread_condattr_getclock, pthread_condattr_t, clockid_t)
RT_SETS(pthread_condattr_setclock, pthread_condattr_t, clockid_t)
RT_GETS(pthread_condattr_getpshared, pthread_condattr_t, int)
RT_SETS(pthread_condattr_setpshared, pthread_condattr_t, int)

RT_MAKES(pthread_rwlockattr_init, pthread_rwlockattr_t)
RT_MAKES(pthread_rwlockattr_destroy, pthread_rwlockattr_t)
RT_GETS(pthread_rwlockattr_getpshared, pthread_rwlockattr_t, int)
RT_SETS(pthread_rwlockattr_setpshared, pthread_rwlockattr_t, int)
RT_GETS(pthread_rwlockattr_getkind_np, pthread_rwlockattr_t, int)
RT_SETS(pthread_rwlockattr_setkind_np, pthread_rwlockattr_t, int)

RT_MAKES(pthread_barrierattr_init, pthread_barrierattr_t)
RT_MAKES(pthread_barrierattr_destroy, pthread_barrierattr_t)
RT_GETS(pthread_barrierattr_getpshared, pthread_barrierattr_t, int)
RT_SETS(pthread_barrierattr_setpshared, pthread_barrierattr_t, int)

int rt_wrap_pthread_getattr_np(pthread_t thread, pthread_attr_t *object)
{
	RT_RESULT_BODY(pthread_getattr_np, rt_real.pthread_getattr_np(thread, object), !result,
		RT_WRITES_VALUE(object));
}

RT_GETS(pthread_attr_getschedparam, pthread_attr_t, struct sched_param)
RT_SETS_FROM(pthread_attr_setschedparam, pthread_attr_t, struct sched_param)

int rt_wrap_pthread_attr_getstack(const pthread_attr_t *object, void **to, size_t *bytes)
{
	RT_RESULT_BODY(pthread_attr_getstack, rt_real.pthread_attr_getstack(object, to, bytes), !result, {
		RT_READS_VALUE(object);
		RT_WRITES_VALUE(to);
		RT_WRITES_VALUE(bytes);
	});
}

int rt_wrap_pthread_attr_setstack(pthread_attr_t *object, void *low, size_t bytes)
{
	RT_RESULT_BODY(pthread_attr_setstack, rt_real.pthread_attr_setstack(object, low, bytes), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_attr_getaffinity_np(const pthread_attr_t *object, size_t bytes, cpu_set_t *to)
{
	RT_RESULT_BODY(pthread_attr_getaffinity_np, rt_real.pthread_attr_getaffinity_np(object, bytes, to),
		!result, {
			RT_READS_VALUE(object);
			RT_WRITES(to, bytes);
		});
}

int rt_wrap_pthread_attr_setaffinity_np(pthread_attr_t *object, size_t bytes, const cpu_set_t *from)
{
	RT_RESULT_BODY(pthread_attr_setaffinity_np, rt_real.pthread_attr_setaffinity_np(object, bytes, from),
		!result, {
			RT_WRITES_VALUE(object);
			if (from)
				RT_READS(from, bytes);
		});
}
