#include "tally.h"

#include "abroad.h"
#include "thread_table.h"

/* The thread's end would have to say something of it. */
static bool is_silent(const struct rt_thread *thread, const struct rt_sync *sync)
{
	return sync->exclusive.silent && sync->tallied_by == thread->id;
}

/* For the thread's end. False: it is silent about too much already. */
static bool note(struct rt_thread *self, struct rt_sync *sync)
{
	uint32_t i = 0;
	while (i < self->silent_count && self->silent[i] != sync && is_silent(self, self->silent[i]))
		i++;
	if (i == RT_SILENT_MOST)
		return false;
	self->silent[i] = sync;
	self->silent_count += i == self->silent_count;
	return true;
}

static bool may_fall_silent(struct rt_thread *self, struct rt_sync *sync)
{
	bool abroad = rt_shared_count != 0 && rt_key_is_abroad(sync->key);
	return !sync->tally_heard && !abroad && !rt_message_is_empty(&sync->exclusive) && note(self, sync);
}

bool rt_tally_goes_on(struct rt_thread *self, struct rt_sync *sync, enum rt_atomic_kind kind)
{
	struct rt_message *message = &sync->exclusive;
	if (kind != RT_ATOMIC_TALLY || sync->tallied_by != self->id) {
		message->silent = false;
		sync->tallied_by = self->id;
		sync->tallies = 0;
	} else if (sync->tallies < RT_TALLY_LONG) {
		sync->tallies++;
	} else if (message->silent && ++sync->tallies == RT_TALLY_LONG + RT_TALLY_SILENT) {
		message->silent = false;
		sync->tallies = RT_TALLY_LONG;
	} else if (!message->silent && may_fall_silent(self, sync)) {
		message->silent = true;
		message->at = 0; /* known to nobody: who looks without the lock has to come with it */
	}
	return message->silent;
}

/* The object is locked, and the thread not in the engine. */
static void say_all(struct rt_thread *thread, struct rt_sync *sync)
{
	rt_message_add(&sync->exclusive, &thread->clock);
	sync->exclusive.silent = false;
	sync->tally_heard = true;
}

void rt_tally_hear(struct rt_thread *self, uint64_t key)
{
	rt_threads_stop(self);
	struct rt_sync_hold hold = rt_sync_hold(key);
	if (hold.sync && rt_tally_is_unheard(self, hold.sync)) {
		struct rt_thread *thread = rt_thread_of_id(hold.sync->tallied_by);
		if (thread) {
			say_all(thread, hold.sync);
			rt_thread_made_release(thread);
			rt_hot_clear(thread->hot);
		}
		hold.sync->exclusive.silent = false;
	}
	rt_guard_unlock(hold.guard);
	rt_threads_resume();
}

void rt_tally_retire(struct rt_thread *thread)
{
	for (uint32_t i = 0; i < thread->silent_count; i++) {
		struct rt_sync *sync = thread->silent[i];
		rt_guard_lock(
			&sync->guard); /* perhaps another object by now, which is not silent, or another thread's */
		if (is_silent(thread, sync))
			say_all(thread, sync);
		rt_guard_unlock(&sync->guard);
	}
	thread->silent_count = 0;
}
