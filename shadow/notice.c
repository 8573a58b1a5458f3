#include "notice.h"

#include "owner.h"
#include "sync.h"
#include "thread_table.h"

struct rt_notice rt_notice_asked(struct rt_thread *self, struct rt_site *site, uint64_t key)
{
	rt_owners_prepare();
	rt_watching_begins(self);
	rt_spin_lock(&rt_threads.spin);
	rt_threads_unjoined(1);
	rt_spin_unlock(&rt_threads.spin);
	return (struct rt_notice){key, self->id, rt_site_context(self, site, RT_READ)};
}

/* The C library has given memory back in this thread, so that it was taken for one of which nothing is known, and that comes after
 * everything: of that only what it did itself stays. */
static void forget_past(struct rt_thread *self)
{
	rt_epoch_t own = rt_clock_get(&self->clock, self->slot);
	rt_clock_clear(&self->clock);
	rt_clock_set(&self->clock, self->slot, own);
}

/* What was told is the thread's clock, and chooses its slot: calls for the notice that were over give theirs on. */
struct rt_thread *rt_notice_come(const struct rt_notice *notice)
{
	rt_spin_lock(&rt_threads.spin);
	if (rt_self) {
		forget_past(rt_self);
		rt_count_add(RT_COUNTER_THREADS_UNSEEN, (uint64_t)-1);
	}
	struct rt_sync_hold hold = rt_sync_hold(notice->key);
	struct rt_message nothing = {.at = 0}, *told = hold.sync ? &hold.sync->exclusive : &nothing;
	struct rt_thread *thread =
		rt_thread_new(&told->clock, notice->parent, notice->created_at, RT_THREAD_DETACHED);
	if (thread) {
		thread->state = RT_THREAD_CREATED;
		told->held = false;
		rt_threads_unjoined(1);
	}
	rt_guard_unlock(hold.guard);
	rt_spin_unlock(&rt_threads.spin);
	return thread;
}
