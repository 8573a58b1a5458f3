/* What a sync object carries from one thread to another: the joined clocks of those that released it.
 *
 * While all that a message says is what one thread knew at one of its epochs, it names that epoch. A thread knows one thing
 * only at each epoch it publishes: one that learns something after it has published ticks before it publishes again. So
 * whoever has reached the epoch knows the whole message, and need not look at it; and a thread that has learnt nothing since
 * its own message before has only its own epoch to add. With a thousand threads that is most of the cost of a lock.
 *
 * Who may include it: shadow/. The object's lock is held. */
#ifndef RACETRACK_SHADOW_MESSAGE_H
#define RACETRACK_SHADOW_MESSAGE_H

#include "thread.h"

/* Adds what the thread did and knows. The thread has released: its next access is of another epoch. Who takes the message calls
 * rt_message_take or rt_message_merge, and nothing else reads it. */
RT_HIDDEN void rt_message_put(struct rt_thread *self, struct rt_message *message);
/* The same of a message that may be looked at without its object's lock. `covered`: the thread knows all that it says already, or
 * that is to go. */
RT_HIDDEN void rt_message_put_open(struct rt_thread *self, struct rt_message *message, bool covered);
/* Adds what somebody knew once. */
RT_HIDDEN void rt_message_add(struct rt_message *message, const struct rt_clock *clock);
/* Adds another message, in no time where it was added before. */
RT_HIDDEN void rt_message_merge(struct rt_message *message, struct rt_message *other);
RT_HIDDEN void rt_message_take(struct rt_thread *self, struct rt_message *message);
/* Nobody will take the message before the thread has put over it: it has the lock. */
RT_HIDDEN void rt_message_retake(struct rt_thread *self, struct rt_message *message);
RT_HIDDEN void rt_message_clear(struct rt_message *message);
RT_HIDDEN void rt_message_fini(struct rt_message *message);

/* The thread knows all that the message says. */
static inline bool rt_message_is_known(const struct rt_thread *self, const struct rt_message *message)
{
	return !message->clock.count ||
	       (message->at && rt_clock_get(&self->clock, message->from) >= message->at);
}

static inline bool rt_message_is_empty(const struct rt_message *message)
{
	return !message->clock.count;
}

#endif
