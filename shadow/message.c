#include "message.h"

/* Adds what the thread did and knows; what follows a release is left. */
static inline __attribute__((always_inline)) void put(
	struct rt_thread *self, struct rt_message *message, bool covered)
{
	bool unique = rt_thread_publishing(self), known = covered || rt_message_is_known(self, message),
	     done = true;
	rt_epoch_t now = rt_clock_get(&self->clock, self->slot);
	bool own = message->at && message->from == self->slot;
	if (!known)
		done = rt_clock_join(&message->clock, &self->clock) != RT_JOIN_FAILED;
	else if (!own || message->at < self->learnt_at)
		done = rt_clock_copy(&message->clock, &self->clock);
	else if (message->at != now)
		done = rt_clock_set(&message->clock, self->slot, now);
	if (!done)
		rt_count(RT_COUNTER_NO_SYNC);
	message->from = (uint16_t)self->slot;
	message->silent = false;
	message->at = unique && known && done ? now : 0;
}

/* What it published there before is gone, and if nobody has taken it nobody ever will. */
void rt_message_put(struct rt_thread *self, struct rt_message *message)
{
	rt_epoch_t before = message->held && message->from == self->slot ? message->at : 0;
	put(self, message, false);
	message->held = message->at != 0;
	if (!before || before != message->at) {
		if (before)
			rt_boundary_drop(&self->boundaries, before);
		rt_thread_hold_epoch(self, !message->held);
	}
	rt_thread_published(self);
}

void rt_message_put_open(struct rt_thread *self, struct rt_message *message, bool covered)
{
	put(self, message, covered);
	message->held = false;
	rt_thread_released(self);
}

void rt_message_add(struct rt_message *message, const struct rt_clock *clock)
{
	if (!clock->count)
		return;
	if (rt_clock_join(&message->clock, clock) == RT_JOIN_FAILED)
		rt_count(RT_COUNTER_NO_SYNC);
	message->at = 0;
}

void rt_message_merge(struct rt_message *message, struct rt_message *other)
{
	other->held = false;
	/* Whoever says that much of an epoch says all that was known there. */
	if (other->at && rt_clock_get(&message->clock, other->from) >= other->at)
		return;
	bool same = message->at && other->at && message->from == other->from;
	if (!same && message->clock.count) {
		rt_message_add(message, &other->clock);
		return;
	}
	if (!rt_clock_copy(&message->clock, &other->clock)) {
		rt_count(RT_COUNTER_NO_SYNC);
		message->at = 0;
		return;
	}
	message->from = other->from;
	message->at = other->at;
	message->held = false;
}

void rt_message_take(struct rt_thread *self, struct rt_message *message)
{
	if (rt_message_is_known(self, message))
		return;
	message->held = false;
	rt_thread_learn(self, &message->clock);
}

void rt_message_retake(struct rt_thread *self, struct rt_message *message)
{
	if (!message->held || message->from != self->slot)
		return;
	message->held = false;
	rt_boundary_drop(&self->boundaries, message->at);
	rt_thread_resume(self);
}

void rt_message_clear(struct rt_message *message)
{
	rt_clock_clear(&message->clock);
	message->silent = false;
	message->at = 0;
}

void rt_message_fini(struct rt_message *message)
{
	rt_clock_fini(&message->clock);
	message->silent = false;
	message->at = 0;
}
