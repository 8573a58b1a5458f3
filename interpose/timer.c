/* Timers of POSIX's: what is done before one is set happens before the handler of its signal, or the function that the C library
 * calls in a thread. Which that is only their making says. */
#include "notice.h"
#include "result.h"
#include "signal_order.h"
#include "start.h"
#include "shadow/sys.h"

struct made {
	struct made *next;
	timer_t timer;
	int number;                   /* of its signal, 0: it has none */
	struct rt_noticing *noticing; /* NULL: nothing is called */
};

static struct {
	struct rt_spin spin;
	struct made *first;
	int pid; /* that has them: children have none */
} all RT_AT_FORK;

static void note(timer_t timer, int number, struct rt_noticing *noticing)
{
	struct made *made = rt_alloc(sizeof(*made));
	if (!made)
		return;
	rt_spin_lock(&all.spin);
	if (all.pid != rt_sys_getpid())
		all.first = NULL;
	all.pid = rt_sys_getpid();
	*made = (struct made){all.first, timer, number, noticing};
	all.first = made;
	rt_spin_unlock(&all.spin);
}

/* What was noted of the timer, nothing: all 0. It is forgotten, or stays. */
static struct made find(timer_t timer, bool forget)
{
	struct made found = {.number = 0}, *gone = NULL;
	rt_spin_lock(&all.spin);
	for (struct made **at = &all.first; *at && all.pid == rt_sys_getpid(); at = &(*at)->next) {
		if ((*at)->timer != timer)
			continue;
		found = **at;
		gone = forget ? *at : NULL;
		*at = forget ? gone->next : *at;
		break;
	}
	rt_spin_unlock(&all.spin);
	if (gone)
		rt_free(gone, sizeof(*gone));
	return found;
}

int rt_wrap_timer_create(clockid_t clock, struct sigevent *event, timer_t *to)
{
	struct rt_noticing *noticing = NULL;
	struct sigevent instead;
	if (rt_notices_coming(event))
		RT_TELL_ALWAYS(
			timer_create, noticing = rt_noticing_new(self, &site, event, false, 0, &instead));
	int result = rt_real.timer_create(clock, noticing ? &instead : event, to);
	bool signals =
		!event || event->sigev_notify == SIGEV_SIGNAL || event->sigev_notify == SIGEV_THREAD_ID;
	if (result)
		RT_TELL_ALWAYS(timer_create, rt_noticing_drop(self, noticing));
	else if (signals || noticing)
		RT_TELL_ALWAYS(timer_create, note(*to,
						     noticing ? 0
						     : event  ? event->sigev_signo
							      : SIGALRM,
						     noticing));
	if (!result)
		RT_TELL(timer_create, {
			RT_READS_VALUE(event);
			RT_WRITES_VALUE(to);
		});
	return result;
}

/* Before it: the number may be another timer's right after. What a call in a thread needs stays, as one may be on its way. */
int rt_wrap_timer_delete(timer_t timer)
{
	RT_TELL_ALWAYS(timer_delete, find(timer, true));
	return rt_real.timer_delete(timer);
}

static void tell_set(struct rt_thread *self, struct rt_site *site, timer_t timer)
{
	struct made made = find(timer, false);
	rt_signal_sent(self, site, rt_sys_getpid(), made.number);
	if (made.noticing)
		rt_noticing_told(self, site, made.noticing);
}

int rt_wrap_timer_settime(timer_t timer, int flags, const struct itimerspec *value, struct itimerspec *old)
{
	RT_TELL(timer_settime, tell_set(self, &site, timer));
	RT_RESULT_BODY(timer_settime, rt_real.timer_settime(timer, flags, value, old), !result, {
		RT_READS_VALUE(value);
		RT_WRITES_VALUE(old);
	});
}

int rt_wrap_timer_gettime(timer_t timer, struct itimerspec *to)
{
	RT_RESULT_BODY(timer_gettime, rt_real.timer_gettime(timer, to), !result, RT_WRITES_VALUE(to));
}
