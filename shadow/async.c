#include "async.h"

#include "sys.h"
#include "thread_table.h"

/* Live from the beginning: a thread that nobody announced may be what tells of its end, and comes after it. */
struct rt_thread *rt_async_begin(struct rt_thread *self, struct rt_site *site, const char *name, uint32_t *id)
{
	struct rt_thread *async = rt_thread_create(self, site, false);
	if (!async)
		return NULL;
	rt_spin_lock(&rt_threads.spin);
	async->state = RT_THREAD_LIVE;
	rt_spin_unlock(&rt_threads.spin);
	rt_thread_name(async, name);
	*id = async->id;
	return async;
}

/* A signal that comes in between is held for whoever is then inside. */
static void hand_over(struct rt_thread *from, struct rt_thread *to)
{
	to->place = RT_INSIDE;
	rt_thread_take(to);
	if (from->signals_held)
		rt_thread_hold_signals(to, from->signal_mask);
	from->signals_held = false;
}

void rt_async_enter(struct rt_thread *self, struct rt_thread *async)
{
	async->tid = rt_sys_gettid();
	hand_over(self, async);
}

/* The program's other threads look at threads' hot words as long as their kernel threads live: this one has none. */
void rt_async_leave(struct rt_thread *self, struct rt_thread *async)
{
	hand_over(async, self);
	async->hot = NULL;
	async->place = RT_OUTSIDE;
}

void rt_async_end(struct rt_thread *self, uint32_t id)
{
	rt_thread_joined(self, 0, id);
}
