/* The two ends of what a loop goes through: the beginning and the end of a vector, say. A loop around it goes round in vain where there
 * is nothing between the two, and looks like one that waits for one of them to change, as a ring's consumer does. But who takes
 * something out of a ring stores what he has come to; who only goes through it does not.
 *
 * Who may include it: rewrite/. */
#ifndef RACETRACK_REWRITE_BOUND_H
#define RACETRACK_REWRITE_BOUND_H

#include "body.h"

/* Takes RT_MARK_WAITS from such loads. pre: rt_wait_find, rt_still_find. */
RT_HIDDEN void rt_bound_find(struct rt_body *body);

#endif
