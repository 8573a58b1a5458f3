/* Threads and clocks of other processes.
 *
 * Every process has vector clocks of its own, by slots of its own. What crosses a border is named by the session: a block of
 * epochs from RT_SESSION_FIRST_BLOCK on is one thread's of one process, and a session slot is the first block of a slot. A
 * thread takes such a block when it first touches shared memory: it *settles*. Before that it has done nothing that others could
 * see, and what it knows of others it hands on all the same. Foreign
 * slots that a process learns of become slots of its own clocks, which none of its threads has (guests).
 *
 * A synchronisation object that processes share has two clocks in the session, exclusive and shared, that only grow: a release
 * raises them before the operation itself, an acquire takes them in after it. So nothing is locked, and a process that is
 * killed in between has published what nobody acquires.
 *
 * Who may include it: shadow/. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_ABROAD_H
#define RACETRACK_SHADOW_ABROAD_H

#include "session.h"
#include "thread.h"

/* The thread's epochs are the session's from here on. False: there are none left. */
RT_HIDDEN bool rt_abroad_settle_slow(struct rt_thread *self);
static inline bool rt_abroad_settle(struct rt_thread *self)
{
	return RT_LIKELY(self->segment >> RT_EPOCH_BITS >= RT_SESSION_FIRST_BLOCK) ||
	       rt_abroad_settle_slow(self);
}

/* Of struct rt_thread: not a key of the session, or no session. */
static inline bool rt_key_is_abroad(uint64_t key)
{
	return RT_UNLIKELY(rt_session.tables != NULL) &&
	       (key & (RT_SYNC_KEY_HIGH | RT_SYNC_KEY_SESSION)) == (RT_SYNC_KEY_HIGH | RT_SYNC_KEY_SESSION);
}

/* release: rt_thread_released has to follow. */
RT_HIDDEN void rt_abroad_raise(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode);
RT_HIDDEN void rt_abroad_release_key(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode);
RT_HIDDEN void rt_abroad_acquire_key(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode);
/* The same with another clock than the thread's. */
RT_HIDDEN void rt_abroad_publish(uint64_t key, const struct rt_clock *clock);
RT_HIDDEN void rt_abroad_collect(uint64_t key, struct rt_clock *clock);

/* Before the operation; what the mode means is said at rt_lock_acquire. Nothing where the key is none of the session's. */
static inline void rt_abroad_release(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode)
{
	if (rt_key_is_abroad(key))
		rt_abroad_release_key(self, key, mode);
}

/* After it. */
static inline void rt_abroad_acquire(struct rt_thread *self, uint64_t key, enum rt_lock_mode mode)
{
	if (rt_key_is_abroad(key))
		rt_abroad_acquire_key(self, key, mode);
}

/* The thread has the lock now; who had it died, and all that it did happened before. */
RT_HIDDEN void rt_abroad_own(struct rt_thread *self, uint64_t key);
RT_HIDDEN void rt_abroad_owner_died(struct rt_thread *self, uint64_t key);

/* Plain loads and stores of the bytes are atomic ones, in every process: see infer.h. */
RT_HIDDEN void rt_abroad_set_variable(uint64_t key);
RT_HIDDEN bool rt_abroad_is_variable(uint64_t key);

/* All that a process did, which has ended, happened before what comes. */
RT_HIDDEN void rt_abroad_ended(struct rt_thread *self, uint32_t process);

/* The block of another process, whose epochs this process is to understand; false: there is no such block. */
RT_HIDDEN bool rt_abroad_learn_block(uint32_t block);
/* Who had a segment, as a number, and a copy: its process is a number of one, which may be another one's by now (see pid).
 * 0: unknown. */
RT_HIDDEN uint32_t rt_abroad_owner(uint32_t segment, struct rt_session_owner *owner);

/* In a forked child: what its parent's slots were are guests, `self` has a slot of its own. */
RT_HIDDEN void rt_abroad_forked(struct rt_thread *self);

/* NULL: there is no such number. */
RT_HIDDEN const struct rt_session_owner *rt_abroad_owner_at(uint32_t number);

static inline bool rt_abroad_is_own(const struct rt_session_owner *owner)
{
	return owner->process == rt_session.process &&
	       owner->pid == rt_session.tables->processes[rt_session.process].pid;
}

/* The process ends with this thread, the only one: another one may have its epochs. */
RT_HIDDEN void rt_abroad_leave(struct rt_thread *self);

/* ---- for slot.c, which has its lock held ---- */

/* A block of the session whose last epoch the clock knows, and which slot of this process that was a guest's. */
struct rt_abroad_again {
	rt_slot_t slot;
	uint32_t segment;
	rt_epoch_t epoch; /* the last one, and its segment */
};
RT_HIDDEN bool rt_abroad_take_again(
	const struct rt_clock *clock, uint32_t thread, struct rt_abroad_again *again);

/* A block of the session for a slot of this process whose next epoch is `base`; 0: none is left. */
RT_HIDDEN uint32_t rt_abroad_take_block(rt_slot_t slot, rt_epoch_t base, uint32_t thread);

#endif
