/* Attributes of threads, mutexes, condition variables, locks and barriers: plain memory, each as a whole. */
#include "result.h"

int rt_wrap_pthread_attr_init(pthread_attr_t *object)
{
	RT_RESULT_BODY(
		pthread_attr_init, rt_real.pthread_attr_init(object), !result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_attr_destroy(pthread_attr_t *object)
{
	RT_RESULT_BODY(
		pthread_attr_destroy, rt_real.pthread_attr_destroy(object), !result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_getattr_np(pthread_t thread, pthread_attr_t *object)
{
	RT_RESULT_BODY(pthread_getattr_np, rt_real.pthread_getattr_np(thread, object), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_attr_getdetachstate(const pthread_attr_t *object, int *to)
{
	RT_RESULT_BODY(
		pthread_attr_getdetachstate, rt_real.pthread_attr_getdetachstate(object, to), !result, {
			RT_READS_VALUE(object);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_pthread_attr_setdetachstate(pthread_attr_t *object, int value)
{
	RT_RESULT_BODY(pthread_attr_setdetachstate, rt_real.pthread_attr_setdetachstate(object, value),
		!result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_attr_getguardsize(const pthread_attr_t *object, size_t *to)
{
	RT_RESULT_BODY(pthread_attr_getguardsize, rt_real.pthread_attr_getguardsize(object, to), !result, {
		RT_READS_VALUE(object);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_pthread_attr_setguardsize(pthread_attr_t *object, size_t value)
{
	RT_RESULT_BODY(pthread_attr_setguardsize, rt_real.pthread_attr_setguardsize(object, value), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_attr_getinheritsched(const pthread_attr_t *object, int *to)
{
	RT_RESULT_BODY(
		pthread_attr_getinheritsched, rt_real.pthread_attr_getinheritsched(object, to), !result, {
			RT_READS_VALUE(object);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_pthread_attr_setinheritsched(pthread_attr_t *object, int value)
{
	RT_RESULT_BODY(pthread_attr_setinheritsched, rt_real.pthread_attr_setinheritsched(object, value),
		!result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_attr_getschedparam(const pthread_attr_t *object, struct sched_param *to)
{
	RT_RESULT_BODY(pthread_attr_getschedparam, rt_real.pthread_attr_getschedparam(object, to), !result, {
		RT_READS_VALUE(object);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_pthread_attr_setschedparam(pthread_attr_t *object, const struct sched_param *from)
{
	RT_RESULT_BODY(
		pthread_attr_setschedparam, rt_real.pthread_attr_setschedparam(object, from), !result, {
			RT_WRITES_VALUE(object);
			RT_READS_VALUE(from);
		});
}

int rt_wrap_pthread_attr_getschedpolicy(const pthread_attr_t *object, int *to)
{
	RT_RESULT_BODY(
		pthread_attr_getschedpolicy, rt_real.pthread_attr_getschedpolicy(object, to), !result, {
			RT_READS_VALUE(object);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_pthread_attr_setschedpolicy(pthread_attr_t *object, int value)
{
	RT_RESULT_BODY(pthread_attr_setschedpolicy, rt_real.pthread_attr_setschedpolicy(object, value),
		!result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_attr_getscope(const pthread_attr_t *object, int *to)
{
	RT_RESULT_BODY(pthread_attr_getscope, rt_real.pthread_attr_getscope(object, to), !result, {
		RT_READS_VALUE(object);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_pthread_attr_setscope(pthread_attr_t *object, int value)
{
	RT_RESULT_BODY(pthread_attr_setscope, rt_real.pthread_attr_setscope(object, value), !result,
		RT_WRITES_VALUE(object));
}

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

int rt_wrap_pthread_attr_getstacksize(const pthread_attr_t *object, size_t *to)
{
	RT_RESULT_BODY(pthread_attr_getstacksize, rt_real.pthread_attr_getstacksize(object, to), !result, {
		RT_READS_VALUE(object);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_pthread_attr_setstacksize(pthread_attr_t *object, size_t value)
{
	RT_RESULT_BODY(pthread_attr_setstacksize, rt_real.pthread_attr_setstacksize(object, value), !result,
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

int rt_wrap_pthread_mutexattr_init(pthread_mutexattr_t *object)
{
	RT_RESULT_BODY(pthread_mutexattr_init, rt_real.pthread_mutexattr_init(object), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_mutexattr_destroy(pthread_mutexattr_t *object)
{
	RT_RESULT_BODY(pthread_mutexattr_destroy, rt_real.pthread_mutexattr_destroy(object), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_mutexattr_gettype(const pthread_mutexattr_t *object, int *to)
{
	RT_RESULT_BODY(pthread_mutexattr_gettype, rt_real.pthread_mutexattr_gettype(object, to), !result, {
		RT_READS_VALUE(object);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_pthread_mutexattr_settype(pthread_mutexattr_t *object, int value)
{
	RT_RESULT_BODY(pthread_mutexattr_settype, rt_real.pthread_mutexattr_settype(object, value), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_mutexattr_getpshared(const pthread_mutexattr_t *object, int *to)
{
	RT_RESULT_BODY(
		pthread_mutexattr_getpshared, rt_real.pthread_mutexattr_getpshared(object, to), !result, {
			RT_READS_VALUE(object);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_pthread_mutexattr_setpshared(pthread_mutexattr_t *object, int value)
{
	RT_RESULT_BODY(pthread_mutexattr_setpshared, rt_real.pthread_mutexattr_setpshared(object, value),
		!result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_mutexattr_getprotocol(const pthread_mutexattr_t *object, int *to)
{
	RT_RESULT_BODY(
		pthread_mutexattr_getprotocol, rt_real.pthread_mutexattr_getprotocol(object, to), !result, {
			RT_READS_VALUE(object);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_pthread_mutexattr_setprotocol(pthread_mutexattr_t *object, int value)
{
	RT_RESULT_BODY(pthread_mutexattr_setprotocol, rt_real.pthread_mutexattr_setprotocol(object, value),
		!result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_mutexattr_getrobust(const pthread_mutexattr_t *object, int *to)
{
	RT_RESULT_BODY(
		pthread_mutexattr_getrobust, rt_real.pthread_mutexattr_getrobust(object, to), !result, {
			RT_READS_VALUE(object);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_pthread_mutexattr_setrobust(pthread_mutexattr_t *object, int value)
{
	RT_RESULT_BODY(pthread_mutexattr_setrobust, rt_real.pthread_mutexattr_setrobust(object, value),
		!result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *object, int *to)
{
	RT_RESULT_BODY(pthread_mutexattr_getprioceiling, rt_real.pthread_mutexattr_getprioceiling(object, to),
		!result, {
			RT_READS_VALUE(object);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_pthread_mutexattr_setprioceiling(pthread_mutexattr_t *object, int value)
{
	RT_RESULT_BODY(pthread_mutexattr_setprioceiling,
		rt_real.pthread_mutexattr_setprioceiling(object, value), !result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_condattr_init(pthread_condattr_t *object)
{
	RT_RESULT_BODY(pthread_condattr_init, rt_real.pthread_condattr_init(object), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_condattr_destroy(pthread_condattr_t *object)
{
	RT_RESULT_BODY(pthread_condattr_destroy, rt_real.pthread_condattr_destroy(object), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_condattr_getclock(const pthread_condattr_t *object, clockid_t *to)
{
	RT_RESULT_BODY(pthread_condattr_getclock, rt_real.pthread_condattr_getclock(object, to), !result, {
		RT_READS_VALUE(object);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_pthread_condattr_setclock(pthread_condattr_t *object, clockid_t value)
{
	RT_RESULT_BODY(pthread_condattr_setclock, rt_real.pthread_condattr_setclock(object, value), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_condattr_getpshared(const pthread_condattr_t *object, int *to)
{
	RT_RESULT_BODY(
		pthread_condattr_getpshared, rt_real.pthread_condattr_getpshared(object, to), !result, {
			RT_READS_VALUE(object);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_pthread_condattr_setpshared(pthread_condattr_t *object, int value)
{
	RT_RESULT_BODY(pthread_condattr_setpshared, rt_real.pthread_condattr_setpshared(object, value),
		!result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_rwlockattr_init(pthread_rwlockattr_t *object)
{
	RT_RESULT_BODY(pthread_rwlockattr_init, rt_real.pthread_rwlockattr_init(object), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_rwlockattr_destroy(pthread_rwlockattr_t *object)
{
	RT_RESULT_BODY(pthread_rwlockattr_destroy, rt_real.pthread_rwlockattr_destroy(object), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *object, int *to)
{
	RT_RESULT_BODY(
		pthread_rwlockattr_getpshared, rt_real.pthread_rwlockattr_getpshared(object, to), !result, {
			RT_READS_VALUE(object);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_pthread_rwlockattr_setpshared(pthread_rwlockattr_t *object, int value)
{
	RT_RESULT_BODY(pthread_rwlockattr_setpshared, rt_real.pthread_rwlockattr_setpshared(object, value),
		!result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_rwlockattr_getkind_np(const pthread_rwlockattr_t *object, int *to)
{
	RT_RESULT_BODY(
		pthread_rwlockattr_getkind_np, rt_real.pthread_rwlockattr_getkind_np(object, to), !result, {
			RT_READS_VALUE(object);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *object, int value)
{
	RT_RESULT_BODY(pthread_rwlockattr_setkind_np, rt_real.pthread_rwlockattr_setkind_np(object, value),
		!result, RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_barrierattr_init(pthread_barrierattr_t *object)
{
	RT_RESULT_BODY(pthread_barrierattr_init, rt_real.pthread_barrierattr_init(object), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_barrierattr_destroy(pthread_barrierattr_t *object)
{
	RT_RESULT_BODY(pthread_barrierattr_destroy, rt_real.pthread_barrierattr_destroy(object), !result,
		RT_WRITES_VALUE(object));
}

int rt_wrap_pthread_barrierattr_getpshared(const pthread_barrierattr_t *object, int *to)
{
	RT_RESULT_BODY(
		pthread_barrierattr_getpshared, rt_real.pthread_barrierattr_getpshared(object, to), !result, {
			RT_READS_VALUE(object);
			RT_WRITES_VALUE(to);
		});
}

int rt_wrap_pthread_barrierattr_setpshared(pthread_barrierattr_t *object, int value)
{
	RT_RESULT_BODY(pthread_barrierattr_setpshared, rt_real.pthread_barrierattr_setpshared(object, value),
		!result, RT_WRITES_VALUE(object));
}
