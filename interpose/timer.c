/* Timers of POSIX's: what is done before one is set happens before the handler of its signal. Which signal that is only their making
 * says. The C library calls functions in threads that nobody announces, which come after everything. */
#include "result.h"
#include "signal_order.h"
#include "start.h"
#include "shadow/sys.h"

struct made {
	struct made *next;
	timer_t timer;
	int number;
};

static struct {
	struct rt_spin spin;
	struct made *first;
	int pid; /* that has them: children have none */
} all RT_AT_FORK;

static void note(timer_t timer, int number)
{
	struct made *made = rt_alloc(sizeof(*made));
	if (!made)
		return;
	rt_spin_lock(&all.spin);
	if (all.pid != rt_sys_getpid())
		all.first = NULL;
	all.pid = rt_sys_getpid();
	*made = (struct made){all.first, timer, number};
	all.first = made;
	rt_spin_unlock(&all.spin);
}

/* The timer's signal, 0: it has none. It is forgotten, or stays. */
static int signal_of(timer_t timer, bool forget)
{
	int number = 0;
	struct made *gone = NULL;
	rt_spin_lock(&all.spin);
	for (struct made **at = &all.first; *at && all.pid == rt_sys_getpid(); at = &(*at)->next) {
		if ((*at)->timer != timer)
			continue;
		number = (*at)->number;
		gone = forget ? *at : NULL;
		*at = forget ? gone->next : *at;
		break;
	}
	rt_spin_unlock(&all.spin);
	if (gone)
		rt_free(gone, sizeof(*gone));
	return number;
}

int rt_wrap_timer_create(clockid_t clock, struct sigevent *event, timer_t *to)
{
	rt_notices_coming(event);
	int result = rt_real.timer_create(clock, event, to);
	bool signals =
		!event || event->sigev_notify == SIGEV_SIGNAL || event->sigev_notify == SIGEV_THREAD_ID;
	if (!result && signals)
		RT_TELL_ALWAYS(timer_create, note(*to, event ? event->sigev_signo : SIGALRM));
	if (!result)
		RT_TELL(timer_create, {
			RT_READS_VALUE(event);
			RT_WRITES_VALUE(to);
		});
	return result;
}

/* Before it: the number may be another timer's right after. */
int rt_wrap_timer_delete(timer_t timer)
{
	RT_TELL_ALWAYS(timer_delete, signal_of(timer, true));
	return rt_real.timer_delete(timer);
}

int rt_wrap_timer_settime(timer_t timer, int flags, const struct itimerspec *value, struct itimerspec *old)
{
	RT_TELL(timer_settime, rt_signal_sent(self, &site, rt_sys_getpid(), signal_of(timer, false)));
	RT_RESULT_BODY(timer_settime, rt_real.timer_settime(timer, flags, value, old), !result, {
		RT_READS_VALUE(value);
		RT_WRITES_VALUE(old);
	});
}

int rt_wrap_timer_gettime(timer_t timer, struct itimerspec *to)
{
	RT_RESULT_BODY(timer_gettime, rt_real.timer_gettime(timer, to), !result, RT_WRITES_VALUE(to));
}
