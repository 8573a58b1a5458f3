/* Double-checked locking, as it runs: a thread looks at a word without a lock, takes the lock, looks again, and stores to it. Then
 * the word hands over what was stored before, to those who look at it without the lock: it is a sync variable (infer.h).
 * The second look is in the epoch of the first, as to take a lock begins none, and no cell of its own: the thread's read that is
 * kept is the one without the lock.
 *
 * Who may include it: shadow/. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_ONCE_H
#define RACETRACK_SHADOW_ONCE_H

#include "engine.h"

/* Before a store of code that looks there, too: the thread holds a lock that it did not hold as it looked. */
RT_HIDDEN bool rt_once_is(struct rt_thread *self, uintptr_t address, size_t bytes);
/* False: that it does not is seen without a lock. Outside of the engine, too. pre: the shadow is linear. */
RT_HIDDEN bool rt_once_may_be(const struct rt_thread *self, uintptr_t address, size_t bytes);

#endif
