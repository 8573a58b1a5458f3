/* What time it is, how long to wait, when to be told. */
#include "result.h"
#include "signal_order.h"
#include "shadow/sys.h"

time_t rt_wrap_time(time_t *to)
{
	RT_HOT_RESULT_BODY(time, rt_real.time(to), true, to);
}

int rt_wrap_clock_gettime(clockid_t clock, struct timespec *to)
{
	RT_HOT_RESULT_BODY(clock_gettime, rt_real.clock_gettime(clock, to), !result, to);
}

int rt_wrap_clock_getres(clockid_t clock, struct timespec *to)
{
	RT_RESULT_BODY(clock_getres, rt_real.clock_getres(clock, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_clock_settime(clockid_t clock, const struct timespec *from)
{
	RT_RESULT_BODY(clock_settime, rt_real.clock_settime(clock, from), !result, RT_READS_VALUE(from));
}

/* Of the zone nothing is known, and it is hardly ever asked for. */
int rt_wrap_gettimeofday(struct timeval *to, void *zone)
{
	if (RT_UNLIKELY(zone)) {
		RT_RESULT_BODY(gettimeofday, rt_real.gettimeofday(to, zone), !result, {
			RT_WRITES_VALUE(to);
			RT_WRITES(zone, sizeof(struct timezone));
		});
	}
	RT_HOT_RESULT_BODY(gettimeofday, rt_real.gettimeofday(to, zone), !result, to);
}

int rt_wrap_timespec_get(struct timespec *to, int base)
{
	RT_RESULT_BODY(timespec_get, rt_real.timespec_get(to, base), result, RT_WRITES_VALUE(to));
}

int rt_wrap_timespec_getres(struct timespec *to, int base)
{
	RT_RESULT_BODY(timespec_getres, rt_real.timespec_getres(to, base), result, RT_WRITES_VALUE(to));
}

clock_t rt_wrap_times(struct tms *to)
{
	RT_RESULT_BODY(times, rt_real.times(to), result != (clock_t)-1, RT_WRITES_VALUE(to));
}

int rt_wrap_clock_getcpuclockid(pid_t process, clockid_t *to)
{
	RT_RESULT_BODY(
		clock_getcpuclockid, rt_real.clock_getcpuclockid(process, to), !result, RT_WRITES_VALUE(to));
}

int rt_wrap_pthread_getcpuclockid(pthread_t thread, clockid_t *to)
{
	RT_RESULT_BODY(pthread_getcpuclockid, rt_real.pthread_getcpuclockid(thread, to), !result,
		RT_WRITES_VALUE(to));
}

/* ---- waiting: what is left is written where a signal ended it ---- */

#define WAIT_BODY(name, call)                                                                                \
	RT_MAY_WAIT(name);                                                                                   \
	return call

int rt_wrap_sched_yield(void)
{
	WAIT_BODY(sched_yield, rt_real.sched_yield());
}

void rt_wrap_thrd_yield(void)
{
	WAIT_BODY(thrd_yield, rt_real.thrd_yield());
}

unsigned int rt_wrap_sleep(unsigned int seconds)
{
	WAIT_BODY(sleep, rt_real.sleep(seconds));
}

int rt_wrap_usleep(useconds_t microseconds)
{
	WAIT_BODY(usleep, rt_real.usleep(microseconds));
}

int rt_wrap_nanosleep(const struct timespec *span, struct timespec *left)
{
	RT_MAY_WAIT(nanosleep);
	RT_RESULT_BODY(nanosleep, rt_real.nanosleep(span, left), !result || errno == EINTR, {
		RT_READS_VALUE(span);
		if (result)
			RT_WRITES_VALUE(left);
	});
}

int rt_wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *span, struct timespec *left)
{
	RT_MAY_WAIT(clock_nanosleep);
	RT_RESULT_BODY(clock_nanosleep, rt_real.clock_nanosleep(clock, flags, span, left),
		!result || result == EINTR, {
			RT_READS_VALUE(span);
			if (result && !(flags & TIMER_ABSTIME))
				RT_WRITES_VALUE(left);
		});
}

int rt_wrap_thrd_sleep(const struct timespec *span, struct timespec *left)
{
	RT_MAY_WAIT(thrd_sleep);
	RT_RESULT_BODY(thrd_sleep, rt_real.thrd_sleep(span, left), !result || result == -1, {
		RT_READS_VALUE(span);
		if (result)
			RT_WRITES_VALUE(left);
	});
}

/* ---- timers ---- */

int rt_wrap_getitimer(__itimer_which_t which, struct itimerval *to)
{
	RT_RESULT_BODY(getitimer, rt_real.getitimer(which, to), !result, RT_WRITES_VALUE(to));
}

/* What is done before a timer is set happens before the handler of its signal. */
static int signal_of(__itimer_which_t which)
{
	return which == ITIMER_REAL ? SIGALRM : which == ITIMER_VIRTUAL ? SIGVTALRM : SIGPROF;
}

int rt_wrap_setitimer(__itimer_which_t which, const struct itimerval *value, struct itimerval *old)
{
	RT_TELL(setitimer, rt_signal_sent(self, &site, rt_sys_getpid(), signal_of(which)));
	RT_RESULT_BODY(setitimer, rt_real.setitimer(which, value, old), !result, {
		RT_READS_VALUE(value);
		RT_WRITES_VALUE(old);
	});
}

unsigned int rt_wrap_alarm(unsigned int seconds)
{
	RT_TELL(alarm, rt_signal_sent(self, &site, rt_sys_getpid(), SIGALRM));
	return rt_real.alarm(seconds);
}

int rt_wrap_timerfd_gettime(int fd, struct itimerspec *to)
{
	RT_FD_RESULT_BODY(timerfd_gettime, fd, rt_real.timerfd_gettime(fd, to), !result, RT_WRITES_VALUE(to));
}

/* ---- dates: the parts are put in order where they are ---- */

time_t rt_wrap_mktime(struct tm *parts)
{
	RT_RESULT_BODY(mktime, rt_real.mktime(parts), result != -1, RT_WRITES_VALUE(parts));
}

time_t rt_wrap_timegm(struct tm *parts)
{
	RT_RESULT_BODY(timegm, rt_real.timegm(parts), result != -1, RT_WRITES_VALUE(parts));
}

time_t rt_wrap_timelocal(struct tm *parts)
{
	RT_RESULT_BODY(timelocal, rt_real.timelocal(parts), result != -1, RT_WRITES_VALUE(parts));
}
