/* Locks held by threads. Who may include it: shadow/. Owner thread. */
#ifndef RACETRACK_SHADOW_LOCK_H
#define RACETRACK_SHADOW_LOCK_H

#include "engine.h"

/* While nothing was watched, locks were only listed: gives them their ids and makes the lock set. */
RT_HIDDEN void rt_lock_watch(struct rt_thread *self);
/* The thread ended: what it did before counts for the next owner of a robust lock that it never released. */
RT_HIDDEN void rt_lock_abandon(struct rt_thread *thread);
RT_HIDDEN bool rt_lock_is_held(const struct rt_thread *thread, uint64_t key);

#endif
