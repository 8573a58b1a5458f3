/* What every thread knows: epochs that all that may still access anything have reached. An access at or below the floor
 * happened before whatever comes, races with nothing any more, and need not be kept. So what one thread made before it started
 * the others, or what all have taken over since, leaves room in its granule.
 *
 * A thread that waits in pthread_join does nothing before it knows all that the other one did, and is counted as if it knew
 * already what that one knows now; unless the program handles signals, which may run its code in the middle of the wait. What a
 * thread does that is cancelled in the wait is the one exception: races of its clean-up with what is below may be missed.
 *
 * Who may include it: shadow/. */
#ifndef RACETRACK_SHADOW_FLOOR_H
#define RACETRACK_SHADOW_FLOOR_H

#include "thread.h"

/* By slot. Only grows, and may lag behind. */
extern RT_HIDDEN rt_epoch_t rt_floor[RT_BLOCKS];

/* Raises it. The threads' lock is held. */
RT_HIDDEN void rt_floor_raise(void);
/* The thread has no ticks left: raises it, unless another does something like that, and gives it new ones. */
RT_HIDDEN void rt_floor_tick(struct rt_thread *self);
RT_HIDDEN uint32_t rt_floor_ticks(void);

#endif
