/* Loops that leave everything as it is: nothing is stored or called on any way round, and the registers that decide are made anew
 * each time. So each round is decided as the one before, whatever it goes through inside, until somebody else changes what is
 * loaded: they wait, as for the last of several threads to say that it is done.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_STILL_H
#define RACETRACK_REWRITE_STILL_H

#include "body.h"

/* Marks the loads that decide whether such a loop goes on, but for those that what was loaded on the way leads to: what a search
 * comes to. RT_MARK_WAITS. pre: rt_live_find. */
RT_HIDDEN void rt_still_find(struct rt_body *body);

#endif
