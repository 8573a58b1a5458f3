/* Sync variables in stack frames. When the function returns, its variable is gone, and the next call has something else there: a
 * plain variable, mostly, which the code that knows objects by their addresses alone would go on taking for one that acquires
 * and releases, and so begin an epoch with every store.
 *
 * An object in the stack of the thread that uses it belongs to the frame that it lies in: to its CFA and its return address. So it
 * stays the same for parts of a function that have tables of their own, and goes when its place is in the frame of a call from
 * elsewhere. What is not known keeps the object.
 *
 * Who may include it: shadow/. Owner thread, inside the engine. */
#ifndef RACETRACK_SHADOW_LOCAL_H
#define RACETRACK_SHADOW_LOCAL_H

#include "engine.h"

/* The address, of a variable that there is, is in the frame that is there now: it was made, is changed by an atomic
 * instruction, or waited for. */
RT_HIDDEN void rt_local_keep(struct rt_thread *self, const struct rt_site *site, uintptr_t address);
/* The same before a plain access; false: it was in another frame, and is no variable any more. */
RT_HIDDEN bool rt_local_is_there(struct rt_thread *self, const struct rt_site *site, uintptr_t address);

#endif
