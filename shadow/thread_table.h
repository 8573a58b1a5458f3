/* The threads that there are: what creating them, entering and leaving share.
 *
 * Who may include it: thread.c, thread_info.c, family.c, enter.c and owner.c. */
#ifndef RACETRACK_SHADOW_THREAD_TABLE_H
#define RACETRACK_SHADOW_THREAD_TABLE_H

#include "thread.h"

struct rt_thread_table {
	struct rt_spin spin;
	uint32_t unjoined;      /* other threads that may still have a past no one joined */
	struct rt_thread *live; /* all that are not free */
	uint32_t live_count, made_since_floor;
	struct rt_thread_info *infos;
	uint32_t info_count, info_room;
	bool started;
};
extern RT_HIDDEN struct rt_thread_table rt_threads;

/* A thread's state, and its neighbours in the list of live ones. */
struct rt_live_link {
	struct rt_thread thread;
	struct rt_thread *previous_live, *next_live;
};

static inline struct rt_live_link *rt_link_of(struct rt_thread *thread)
{
	return (struct rt_live_link *)thread;
}

/* A thread with `past` as its clock; NULL: no memory or no slot. Table's lock held. */
RT_HIDDEN struct rt_thread *rt_thread_new(
	const struct rt_clock *past, uint32_t parent, rt_ctx_t created_at, uint8_t flags);
/* What outlives a thread: a new one's number, 0 where there is no room; in the child of a fork all of it is to be recorded anew, and
 * `self` is the first thread. Table's lock held. */
RT_HIDDEN uint32_t rt_thread_info_new(uint32_t parent, rt_ctx_t created_at, uint8_t flags);
RT_HIDDEN void rt_thread_infos_forked(const struct rt_thread *self);
/* Into the list of the live, and out of it. Table's lock held, here and below. */
RT_HIDDEN void rt_thread_link(struct rt_thread *thread);
RT_HIDDEN void rt_thread_unlink(struct rt_thread *thread);
/* From now on the thread is found by the handle, and no other. */
RT_HIDDEN void rt_thread_put_handle(struct rt_thread *thread, uint64_t handle);
RT_HIDDEN void rt_thread_drop_handle(struct rt_thread *thread);
/* NULL: none. */
RT_HIDDEN struct rt_thread *rt_thread_of_handle(uint64_t handle);
RT_HIDDEN struct rt_thread *rt_thread_of_id(uint32_t id);
/* An epoch of the slot's thread that somebody comes to know, by what a cell says, as the last that cells say in its place
 * (boundary.h). Threads are stopped. */
RT_HIDDEN rt_epoch_t rt_thread_tell_epoch(rt_slot_t slot, rt_epoch_t epoch);
/* One more, or less, whose past was not joined yet. Table's lock held. */
RT_HIDDEN void rt_threads_unjoined(int change);
/* The fork gate, before the first thread. */
RT_HIDDEN void rt_enter_init(void);

#endif
