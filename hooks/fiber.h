/* Fibers: several stacks of the program's that take turns in a thread, or in one thread after the other.
 *
 * What there is. A thread has one clock, whichever of its fibers runs: all of them are ordered in the order in which they
 * ran there, also where a switch was announced as no synchronisation. That hides races between fibers of one thread, and
 * invents none. A fiber that goes on in another thread takes its past with it: who leaves a fiber releases it, who takes it
 * up acquires it. Each fiber has its own announced frames.
 *
 * What the engine would need for more (proposal): a struct rt_thread a fiber instead of a thread, with its clock, slot, lock
 * set and frames,
 *     struct rt_thread *rt_fiber_create(struct rt_thread *self, struct rt_site *site);   as rt_thread_create, no handle
 *     void rt_fiber_destroy(struct rt_thread *self, struct rt_thread *fiber);             as a thread that ended, joined
 *     void rt_fiber_switch(struct rt_thread *self, struct rt_thread *fiber, bool orders); rt_self and racetrack_hot change
 * where `orders` joins the clock of the one into the other's. The bodies below are then one call each.
 *
 * Who may include it: hooks/. A fiber is touched by the thread that runs it, or that switches to it. */
#ifndef RACETRACK_HOOKS_FIBER_H
#define RACETRACK_HOOKS_FIBER_H

#include "shadow/engine.h"

struct rt_fiber;

/* The one that runs; a thread's first one is its own, and is never NULL. Signal-safe. */
RT_HIDDEN struct rt_fiber *rt_fiber_current(void);
/* NULL: no memory. */
RT_HIDDEN struct rt_fiber *rt_fiber_create(struct rt_thread *self, struct rt_site *site);
/* pre: it does not run. A thread's own one stays. */
RT_HIDDEN void rt_fiber_destroy(struct rt_thread *self, struct rt_fiber *fiber);
/* Right before the program does it. */
RT_HIDDEN void rt_fiber_switch(struct rt_thread *self, struct rt_site *site, struct rt_fiber *fiber);

#endif
