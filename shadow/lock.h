/* Locks held by threads. Who may include it: shadow/. Owner thread. */
#ifndef RACETRACK_SHADOW_LOCK_H
#define RACETRACK_SHADOW_LOCK_H

#include "engine.h"

/* While nothing was watched, locks were only listed: gives them their ids and makes the lock set. */
RT_HIDDEN void rt_lock_watch(struct rt_thread *self);

#endif
