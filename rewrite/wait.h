/* Loops that wait: that can only end because somebody else changes what they load.
 *
 * In such a loop the address of the load stays, nothing is stored but in the loop's own stack frame, nothing is called but
 * functions that give the processor away, and a way out depends on the loaded value and on what the loop does not change.
 * What lies between a branch upwards and its target may be one way of a larger loop's: then it waits if that one's other ways do
 * nothing, try an atomic change, or are what was waited for.
 * And loops that do work between their looks, where a compiler would have loaded a plain variable once.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_WAIT_H
#define RACETRACK_REWRITE_WAIT_H

#include "body.h"

/* Marks the loads that such loops wait with, and those of the same place right before: RT_MARK_WAITS.
 * pre: rt_live_find. */
RT_HIDDEN void rt_wait_find(struct rt_body *body);

#endif
