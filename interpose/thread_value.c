/* Keys, names, processors and priorities of threads. */
#include "result.h"

int rt_wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	RT_RESULT_BODY(pthread_key_create, rt_real.pthread_key_create(key, destructor), !result,
		RT_WRITES_VALUE(key));
}

int rt_wrap_tss_create(tss_t *key, tss_dtor_t destructor)
{
	RT_RESULT_BODY(tss_create, rt_real.tss_create(key, destructor), !result, RT_WRITES_VALUE(key));
}

int rt_wrap_pthread_getname_np(pthread_t thread, char *to, size_t room)
{
	RT_RESULT_BODY(pthread_getname_np, rt_real.pthread_getname_np(thread, to, room), !result,
		RT_WRITES_STRING(to));
}

int rt_wrap_pthread_setcancelstate(int state, int *old)
{
	RT_RESULT_BODY(pthread_setcancelstate, rt_real.pthread_setcancelstate(state, old), !result,
		RT_WRITES_VALUE(old));
}

int rt_wrap_pthread_getschedparam(pthread_t thread, int *policy, struct sched_param *to)
{
	RT_RESULT_BODY(pthread_getschedparam, rt_real.pthread_getschedparam(thread, policy, to), !result, {
		RT_WRITES_VALUE(policy);
		RT_WRITES_VALUE(to);
	});
}

int rt_wrap_pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *from)
{
	RT_RESULT_BODY(pthread_setschedparam, rt_real.pthread_setschedparam(thread, policy, from), !result,
		RT_READS_VALUE(from));
}

int rt_wrap_pthread_getaffinity_np(pthread_t thread, size_t bytes, cpu_set_t *to)
{
	RT_RESULT_BODY(pthread_getaffinity_np, rt_real.pthread_getaffinity_np(thread, bytes, to), !result,
		RT_WRITES(to, bytes));
}

int rt_wrap_pthread_setaffinity_np(pthread_t thread, size_t bytes, const cpu_set_t *from)
{
	RT_RESULT_BODY(pthread_setaffinity_np, rt_real.pthread_setaffinity_np(thread, bytes, from), !result,
		RT_READS(from, bytes));
}

int rt_wrap_sched_getaffinity(pid_t thread, size_t bytes, cpu_set_t *to)
{
	RT_RESULT_BODY(sched_getaffinity, rt_real.sched_getaffinity(thread, bytes, to), !result,
		RT_WRITES(to, bytes));
}

int rt_wrap_sched_setaffinity(pid_t thread, size_t bytes, const cpu_set_t *from)
{
	RT_RESULT_BODY(sched_setaffinity, rt_real.sched_setaffinity(thread, bytes, from), !result,
		RT_READS(from, bytes));
}

int rt_wrap_sched_getparam(pid_t thread, struct sched_param *to)
{
	RT_RESULT_BODY(sched_getparam, rt_real.sched_getparam(thread, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_sched_setparam(pid_t thread, const struct sched_param *from)
{
	RT_RESULT_BODY(
		sched_setparam, rt_real.sched_setparam(thread, from), result >= 0, RT_READS_VALUE(from));
}

int rt_wrap_sched_setscheduler(pid_t thread, int policy, const struct sched_param *from)
{
	RT_RESULT_BODY(sched_setscheduler, rt_real.sched_setscheduler(thread, policy, from), result >= 0,
		RT_READS_VALUE(from));
}

int rt_wrap_sched_rr_get_interval(pid_t thread, struct timespec *to)
{
	RT_RESULT_BODY(sched_rr_get_interval, rt_real.sched_rr_get_interval(thread, to), !result,
		RT_WRITES_VALUE(to));
}
