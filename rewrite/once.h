/* Stores to what the function looks at before, and decides by whether to store: what is made at first use, under a lock. Who takes
 * the lock in the same function, by a call that is known, has to look behind that.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_ONCE_H
#define RACETRACK_REWRITE_ONCE_H

#include "body.h"

/* Marks them: RT_MARK_ONCE. Whether the thread looked there without the lock, too, shows as it runs: shadow/once.h. */
RT_HIDDEN void rt_once_find(struct rt_body *body);

#endif
