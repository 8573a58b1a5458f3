#include "notice.h"

#include "start.h"
#include "wrap.h"
#include "shadow/notice.h"
#include "shadow/sys.h"
#include "shadow/thread.h"

struct rt_noticing {
	struct rt_notice notice;
	void (*function)(union sigval);
	union sigval value;
	uint64_t from;
	bool once;
};

static const char kind[] = "notification";

bool rt_notices_coming(const struct sigevent *event)
{
	struct sigevent given;
	bool by_thread = event && rt_safe_read((uintptr_t)event, &given, sizeof(given)) &&
			 given.sigev_notify == SIGEV_THREAD && given.sigev_notify_function;
	if (by_thread)
		rt_threads_coming();
	return by_thread;
}

/* ---- the call ---- */

static void begin(const struct rt_notice *notice)
{
	uint64_t mask;
	rt_sys_signal_mask(RT_SIG_BLOCK, RT_SIGNALS_HELD, &mask);
	struct rt_thread *thread = rt_notice_come(notice);
	if (thread)
		rt_begin(thread, &mask);
	else
		rt_sys_signal_mask(RT_SIG_SETMASK, mask, NULL);
}

static void call(union sigval value)
{
	struct rt_noticing *noticing = value.sival_ptr, given = *noticing;
	begin(&given.notice);
	RT_TELL_ALWAYS(timer_create, {
		if (given.from)
			rt_sync_acquire(self, &site, given.from, kind);
		if (given.once)
			rt_noticing_drop(self, noticing);
	});
	given.function(given.value);
	if (!given.once)
		RT_TELL_ALWAYS(timer_create, rt_sync_release(self, &site, given.notice.key, kind));
}

/* ---- asking for it ---- */

struct rt_noticing *rt_noticing_new(struct rt_thread *self, struct rt_site *site,
	const struct sigevent *event, bool once, uint64_t from, struct sigevent *instead)
{
	struct rt_noticing *noticing = rt_alloc(sizeof(*noticing));
	if (!noticing)
		return NULL;
	*noticing = (struct rt_noticing){
		.notice = rt_notice_asked(self, site, (uintptr_t)noticing),
		.function = event->sigev_notify_function,
		.value = event->sigev_value,
		.from = from,
		.once = once,
	};
	*instead = *event;
	instead->sigev_notify_function = call;
	instead->sigev_value.sival_ptr = noticing;
	rt_noticing_told(self, site, noticing);
	return noticing;
}

void rt_noticing_told(struct rt_thread *self, struct rt_site *site, const struct rt_noticing *noticing)
{
	if (!rt_sync_ignored(self))
		rt_sync_release(self, site, noticing->notice.key, kind);
}

void rt_noticing_drop(struct rt_thread *self, struct rt_noticing *noticing)
{
	if (!noticing)
		return;
	rt_sync_destroy(self, noticing->notice.key);
	rt_free(noticing, sizeof(*noticing));
}
